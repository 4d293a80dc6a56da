import { module } from '#core/module.ts';
import { followers } from './follow.ts';
import { saveDraft } from './operations/drafts.ts';
import { getConversation, listConversationMessages } from './operations/get.ts';
import { countConversations, listConversations } from './operations/list.ts';
import { lookAtConversation } from './operations/presence.ts';
import { sendToPerson } from './operations/send.ts';
import { assignConversation, finishConversation, readConversation, reopenConversation, snoozeConversation } from './operations/state.ts';
import { serveConversationStream } from './stream.ts';
import { tendConversations } from './tend.ts';

/** The shared inbox: mail and SMS with each person as one conversation. */
export default module({
  name: 'conversations',
  operations: [
    listConversations,
    countConversations,
    getConversation,
    listConversationMessages,
    sendToPerson,
    saveDraft,
    lookAtConversation,
    readConversation,
    assignConversation,
    snoozeConversation,
    finishConversation,
    reopenConversation,
  ],
  events: followers,
  routes: serveConversationStream,
  start: tendConversations,
  whileHeld: true,
});
