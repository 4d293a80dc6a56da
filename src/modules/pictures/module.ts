import { module } from '#core/module.ts';
import { listPictures, removePicture, setPicture } from './operations.ts';
import { servePictures } from './routes.ts';

/** Small pictures of users, beside their names. */
export default module({
  name: 'pictures',
  operations: [setPicture, removePicture, listPictures],
  routes: servePictures,
});
