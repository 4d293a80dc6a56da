import { module } from '#core/module.ts';
import { readDaily } from './daily/operations.ts';
import { dailyStep } from './daily/step.ts';
import { createDealOwner, createProduct, listDealOwners, listProducts, listRates, setRate, updateProduct } from './operations/catalogue.ts';
import {
  countDeals,
  createDeal,
  dealHistory,
  deleteDealOperation,
  getDealOperation,
  listDealsOperation,
  updateDeal,
} from './operations/deals.ts';
import { pipelineAt, pipelineDeals } from './operations/pipeline-at.ts';
import { pipelineAgeing, pipelineRates } from './operations/pipeline-rates.ts';
import { pipelineMonths, pipelineMoves, pipelineWaterfall } from './operations/pipeline-waterfall.ts';
import { createPipeline, createStage, deleteStage, listPipelines, updatePipeline, updateStage } from './operations/pipelines.ts';
import { dealSubject } from './subject.ts';

/** What may be sold, and every change of it. */
export default module({
  name: 'deals',
  operations: [
    listDealsOperation,
    countDeals,
    createDeal,
    getDealOperation,
    updateDeal,
    deleteDealOperation,
    dealHistory,
    listPipelines,
    createPipeline,
    updatePipeline,
    createStage,
    updateStage,
    deleteStage,
    listDealOwners,
    createDealOwner,
    listProducts,
    createProduct,
    updateProduct,
    listRates,
    setRate,
    pipelineAt,
    pipelineDeals,
    pipelineWaterfall,
    pipelineMonths,
    pipelineMoves,
    pipelineRates,
    pipelineAgeing,
    readDaily,
  ],
  subjects: [dealSubject],
  steps: [dailyStep],
  keeps: {
    'A deal with them is open': `exists (select from deal_people x join deals d on d.id = x.deal_id where x.person_id = p.id and x.company_id = p.company_id and d.status = 'open')`,
  },
  slices: {
    deal_stages: 'true',
    deal_pipelines: 'true',
    deal_owners: 'true',
    products: 'true',
  },
});
