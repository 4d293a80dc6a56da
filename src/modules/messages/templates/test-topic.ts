/** Topic of test mails: a person asked for each, so that they need no launch. */
export const TEST_TOPIC = 'template_test';
