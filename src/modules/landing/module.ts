import { module } from '#core/module.ts';
import { countConversions } from './count.ts';
import { galleryRoutes } from './gallery.ts';
import { landingFigures } from './operations/figures.ts';
import { createLanding, deleteLanding, getLanding, listLanding, updateLanding } from './operations/pages.ts';
import { checkLanding, endLanding, landingVersions, publishLanding, restoreLanding } from './operations/publish.ts';
import { landingTemplates } from './operations/templates.ts';
import { landingRoutes } from './serve.ts';

/** Pages that anybody may see: made of blocks, with a form of ours in them, and nothing from elsewhere. */
export default module({
  name: 'landing',
  operations: [
    listLanding,
    landingTemplates,
    getLanding,
    createLanding,
    updateLanding,
    deleteLanding,
    checkLanding,
    publishLanding,
    endLanding,
    landingVersions,
    restoreLanding,
    landingFigures,
  ],
  events: [countConversions],
  routes(http, runtime) {
    landingRoutes(http, runtime);
    galleryRoutes(http, runtime);
  },
});
