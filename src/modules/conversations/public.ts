/** What other modules may use of conversations. */
export { tellConversationPages } from './tell.ts';
