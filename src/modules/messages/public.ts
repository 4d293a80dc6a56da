/** What other modules may use of messages. */
export { BrokenTemplate, renderLiquid, UnresolvedVariable } from './liquid.ts';
export { optOut } from './opt-out.ts';
export type { OptOut } from './opt-out.ts';
export { takeIn } from './inbound/watch.ts';
export { openGate } from './gate/ask.ts';
export { inboundTexts, lastMessages, setReplyVerdict } from './read.ts';
export type { InboundText, PastMessage } from './read.ts';
export { classifyReply } from './replies/classify.ts';
export { REPLY_CLASSES } from './replies/verdict.ts';
export type { ReplyClass, ReplyVerdict } from './replies/verdict.ts';
export { MessageInput, messageStep } from './send/step.ts';
export { hashPlain, suppress } from './suppress.ts';
export { listedTemplates } from './templates/listed.ts';
export { linkToken } from './tokens.ts';
export { messages } from './tables.ts';
export { sendTransactional } from './transactional.ts';
export type { Transactional } from './transactional.ts';
