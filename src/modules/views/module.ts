import { module } from '#core/module.ts';
import { createView, deleteView, listViews, setDefaultView, updateView } from './operations.ts';

/** Lists as people set them up: filters, sort, layout and columns, kept under a name. */
export default module({ name: 'views', operations: [listViews, createView, updateView, deleteView, setDefaultView] });
