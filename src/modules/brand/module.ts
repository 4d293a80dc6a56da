import { module } from '#core/module.ts';
import { brandColours, getBrand, setLogo, updateBrand } from './operations.ts';
import { brandRoutes } from './routes.ts';

/** What everything of a company looks like that others see, and the pictures that it is shown with. */
export default module({
  name: 'brand',
  operations: [getBrand, brandColours, updateBrand, setLogo],
  routes: brandRoutes,
});
