/** Seconds that the two waits of a journey take, by kind: what n8n keeps in memory below 65, and one beyond. */
const WAITS: readonly (readonly [number, number])[] = [
  [1, 3],
  [2, 8],
  [20, 5],
  [1, 45],
  [70, 1],
];

const CHILD = 'prove-child';
/** Items of the loop. */
export const ITEMS = ['a', 'b', 'c'];
/** Steps whose request may be made once only: their lost answers are in doubt. */
export const UNSAFE = ['act', 'last'];

/** Kinds of journeys whose waits are no longer than that. */
export function kindsWithin(longestWaitS: number): readonly (readonly [number, number])[] {
  return WAITS.filter((waits) => Math.max(...waits) <= longestWaitS);
}

const key = { keyHeader: 'Idempotency-Key' };

/**
 * Webhook → ask (repeatable) → wait → an act that may happen once → two branches, one with a wait → a loop of keyed requests → wait → a run of another
 * workflow → another act → end. Every request goes to a path of its own: `/<step>/<number>`, in the loop `/<step>/<number>/<item>`.
 */
export function journey(kind: number, [first, second]: readonly [number, number], receiver: string) {
  const get = (id: string) => ({ id, title: id, type: 'http', input: { url: `${receiver}/${id}/{{ trigger.body.n }}` } });
  const post = (id: string, more: object = {}) => ({
    id,
    title: id,
    type: 'http',
    input: { method: 'POST', url: `${receiver}/${id}/{{ trigger.body.n }}`, json: { n: '{{ trigger.body.n }}' }, ...more },
  });
  const wait = (id: string, seconds: number) => ({ id, title: id, type: 'wait', input: { for: { seconds } } });
  return {
    name: `prove-${kind}`,
    title: `Journey ${kind}`,
    subject: 'company',
    triggers: [{ on: 'webhook', key: 'in' }],
    settings: {},
    steps: [
      get('ask'),
      wait('wait_1', first),
      post('act'),
      {
        id: 'both',
        title: 'Both',
        type: 'parallel',
        input: {},
        branches: [
          { title: 'Left', steps: [post('left', key)] },
          { title: 'Right', steps: [wait('wait_right', 1), get('right')] },
        ],
      },
      {
        id: 'each',
        title: 'Each',
        type: 'loop',
        input: { list: ITEMS },
        body: [post('item', { ...key, url: `${receiver}/item/{{ trigger.body.n }}/{{ loop.item }}` })],
      },
      wait('wait_2', second),
      { id: 'below', title: 'Below', type: 'start_workflow', input: { workflow: CHILD, with: { n: 'trigger.body.n' }, wait: true } },
      post('last'),
      { id: 'end', title: 'End', type: 'end', input: { outcome: 'there' } },
    ],
  };
}

export function child(receiver: string) {
  return {
    name: CHILD,
    title: 'Below a journey',
    subject: 'company',
    triggers: [{ on: 'manual' }],
    settings: {},
    steps: [
      {
        id: 'child',
        title: 'child',
        type: 'http',
        input: { method: 'POST', url: `${receiver}/child/{{ trigger.n }}`, json: { n: '{{ trigger.n }}' }, ...key },
      },
      { id: 'end', title: 'End', type: 'end', input: { outcome: 'there' } },
    ],
  };
}

/** All that a journey asks of the world. */
export function pathsOf(n: number): string[] {
  return [...['ask', 'act', 'left', 'right', 'child', 'last'].map((step) => `/${step}/${n}`), ...ITEMS.map((item) => `/item/${n}/${item}`)];
}

/** Where a step of journey `n` asks, by its place in the journal: `turn` counts the items of the loop. */
export function pathOf(stepId: string, n: string, turn: string | null): string {
  return stepId === 'item' ? `/item/${n}/${ITEMS[Number(turn)] ?? ''}` : `/${stepId}/${n}`;
}
