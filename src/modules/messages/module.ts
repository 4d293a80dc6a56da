import { module } from '#core/module.ts';
import { together } from '#core/now-and-then.ts';
import { connectionChanged } from './connection-events.ts';
import { onOptedIn, onOptedOut } from './consent-events.ts';
import { watchCheckups } from './doctor/tend.ts';
import { watchMailboxes } from './inbound/watch.ts';
import { classifyMessage } from './operations/classify.ts';
import { countMessages, getMessage, listMessages } from './operations/messages.ts';
import { emailQueue, replyToMessage, sendEmail, sendTestMail } from './operations/send.ts';
import {
  getSendingSettings,
  launchSending,
  pauseSending,
  resumeSending,
  sendingPreview,
  sendingStatus,
  updateSendingSettings,
} from './operations/sending.ts';
import { addSuppression, listSuppressions, removeSuppression } from './operations/suppressions.ts';
import { checkupHistory, examineSenders, getProbe, listCheckups, listProbes, probeSender, updateCheckup } from './operations/doctor.ts';
import { createSender, listSenders, resumeSender, updateSender } from './operations/senders.ts';
import { deleteSnippet, listSnippets, saveSnippet } from './operations/snippets.ts';
import { addAttachment } from './operations/template-files.ts';
import { addImage } from './operations/template-images.ts';
import { checkLinks } from './operations/template-links.ts';
import { namesForTemplates, previewTemplate, testTemplate } from './operations/template-preview.ts';
import { exportTemplate, importTemplate } from './operations/template-transfer.ts';
import { getTemplateVersion, restoreTemplate } from './operations/template-versions.ts';
import { deleteTemplate, dropDraft, getTemplate, listTemplates, saveDraft, updateTemplate } from './operations/templates.ts';
import { getTracking, messageHits, trackingFigures, trackingPeople, updateTracking } from './operations/tracking.ts';
import { getInbound, updateInbound } from './operations/inbound.ts';
import { addHoliday, listHolidays, removeHoliday } from './operations/holidays.ts';
import { onFeedback, watchSenders } from './senders/breaker.ts';
import { slices } from './rehearsal.ts';
import { keepReplay, takeReplay } from './replay.ts';
import { emailEffect } from './send/effect.ts';
import { smsEffect } from './send/sms.ts';
import { messageStep } from './send/step.ts';
import { BUILT_IN } from './templates/built-in.ts';
import { imageRoutes } from './templates/images/routes.ts';
import { fileTemplateFaults } from './templates/from-files.ts';
import { watchFiles } from './templates/store/unused.ts';
import { accountMail } from './transactional.ts';
import { unsubscribeRoutes } from './unsubscribe/routes.ts';
import { trackingRoutes } from './tracking/routes.ts';
import { watchHits } from './tracking/tend.ts';
import { watchOutcomes } from './vendor-events/outcomes.ts';
import { vendorRoutes } from './vendor-events/routes.ts';

/** Messages to and from people, and the one gate that each of them passes. */
export default module({
  name: 'messages',
  templates: BUILT_IN,
  operations: [
    listMessages,
    countMessages,
    emailQueue,
    getMessage,
    sendEmail,
    replyToMessage,
    classifyMessage,
    sendingStatus,
    sendingPreview,
    launchSending,
    pauseSending,
    resumeSending,
    sendTestMail,
    getSendingSettings,
    updateSendingSettings,
    listTemplates,
    previewTemplate,
    testTemplate,
    namesForTemplates,
    getTemplate,
    updateTemplate,
    deleteTemplate,
    saveDraft,
    dropDraft,
    getTemplateVersion,
    restoreTemplate,
    addAttachment,
    addImage,
    checkLinks,
    exportTemplate,
    importTemplate,
    listSnippets,
    saveSnippet,
    deleteSnippet,
    listSuppressions,
    addSuppression,
    removeSuppression,
    listSenders,
    createSender,
    updateSender,
    resumeSender,
    listCheckups,
    examineSenders,
    updateCheckup,
    checkupHistory,
    probeSender,
    getProbe,
    listProbes,
    getTracking,
    updateTracking,
    messageHits,
    trackingFigures,
    trackingPeople,
    getInbound,
    updateInbound,
    listHolidays,
    addHoliday,
    removeHoliday,
  ],
  steps: [messageStep],
  effects: [emailEffect, smsEffect],
  events: [accountMail, onOptedOut, onOptedIn, connectionChanged, ...onFeedback],
  slices,
  async routes(http, runtime) {
    unsubscribeRoutes(http, runtime);
    trackingRoutes(http, runtime);
    imageRoutes(http, runtime);
    // Bodies as they came: a scope with parsers of its own.
    await http.register(async (scope) => vendorRoutes(scope, runtime));
  },
  async ready(runtime) {
    for (const fault of fileTemplateFaults(runtime.config)) runtime.log.warn(fault);
    await takeReplay(runtime);
  },
  start: (runtime) =>
    together(
      watchMailboxes(runtime),
      keepReplay(runtime),
      watchHits(runtime),
      watchSenders(runtime),
      watchCheckups(runtime),
      watchFiles(runtime),
      watchOutcomes(runtime),
    ),
});
