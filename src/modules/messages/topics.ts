/** What a company writes about, until it says otherwise. Keys are topics of the consent log. */
export const defaultTopics: readonly { readonly key: string; readonly title: string }[] = [
  { key: 'follow_up', title: 'Answers to my enquiry and follow-ups' },
  { key: 'news', title: 'News and offers' },
];
