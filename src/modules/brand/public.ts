/** What other modules may use of the brand. */
export { loadLook } from './brand.ts';
export type { Brand, CompanyLook, Font, Look } from './brand.ts';
export { darkShades, lightShades, shade, tint } from './colours.ts';
export type { Shades } from './colours.ts';
export { accentStyle, FAMILIES } from './letters.ts';
export type { NamedStyle } from './letters.ts';
export { getBrand } from './operations.ts';
export { keepPicture, pictureBytes, pictureSizes, sendPicture } from './pictures.ts';
