import { module } from '#core/module.ts';
import { together } from '#core/now-and-then.ts';
import { onCauses } from './events.ts';
import { scoreFields } from './fields.ts';
import { builtInModel, configureModel, getLeadScore, getModel, getPersonScore, previewModel, resetModel } from './operations.ts';
import { onScoreReached } from './routing.ts';
import { conversionModel, personConversion, trainConversion } from './prediction/operations.ts';
import { startPredicting } from './prediction/tend.ts';
import { startScoring } from './tend.ts';

/** How promising a lead is, by the company's own rules, with reasons. */
export default module({
  name: 'scores',
  operations: [
    getModel,
    configureModel,
    resetModel,
    builtInModel,
    previewModel,
    getLeadScore,
    getPersonScore,
    conversionModel,
    trainConversion,
    personConversion,
  ],
  events: [...onCauses, onScoreReached],
  fields: scoreFields,
  start: (runtime) => together(startScoring(runtime), startPredicting(runtime)),
  whileHeld: true,
});
