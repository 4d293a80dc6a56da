/** Something that starts, wakes or ends runs. */
export interface EventWords {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** What a workflow may be about to start from it. */
  readonly starts: readonly (
    | 'lead'
    | 'person'
    | 'company'
    | 'client'
    | 'deal'
    | 'invoice'
    | 'payment'
    | 'document'
    | 'report'
    | 'call'
    | 'onboarding'
    | 'ticket'
  )[];
  readonly payload?: readonly {
    readonly path: string;
    readonly label: string;
    readonly type: 'text' | 'choice' | 'boolean' | 'number' | 'list';
    readonly options?: readonly string[];
  }[];
}

export const id = (path: string, label: string) => ({ path, label, type: 'text' }) as const;
