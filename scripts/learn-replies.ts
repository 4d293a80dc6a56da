import { writeFileSync } from 'node:fs';
import { digestOf, learnFrom, repliesOf } from '#modules/messages/replies/learned/lessons.ts';
import { printed, WEIGHTS_FILE } from '#modules/messages/replies/learned/weights.ts';

/** Writes down what is learned from `labelled/taught/`: after a change of those replies, of the rules or of the signs. */
const replies = repliesOf('taught');
writeFileSync(WEIGHTS_FILE, printed(learnFrom(replies), digestOf(replies)));
console.log(`learned from ${replies.length} replies`);
