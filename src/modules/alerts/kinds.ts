interface Kind {
  /** In settings: "Tell when …". */
  readonly title: string;
  readonly description: string;
  /** What its threshold is counted in; null: it has none. */
  readonly unit: 'failures' | 'percent' | 'seconds' | null;
  readonly threshold: number | null;
}

/** What can be wrong. A scheduled run that did not happen and a webhook that was switched off are told by those who know of them (schedules, webhooks). */
export const KINDS = {
  run_failed: {
    title: 'Runs of a workflow fail',
    description: 'So many within an hour; ten thousand failures of one workflow are one alert',
    unit: 'failures',
    threshold: 1,
  },
  success_low: {
    title: 'The share of successful runs is low',
    description: 'Of the runs that ended within 24 hours, when there are twenty or more',
    unit: 'percent',
    threshold: 99,
  },
  queue_lag: {
    title: 'Work is not taken up',
    description: 'Facts or acts have been due for so long: no worker runs, or it can’t keep up',
    unit: 'seconds',
    threshold: 300,
  },
  connection_failing: {
    title: 'A connection fails',
    description: 'The service no longer takes the credentials; what needs it waits',
    unit: null,
    threshold: null,
  },
  sender_health: {
    title: 'A sender is slowed or stopped',
    description:
      'Too many of its mails are complained about or come back; a stopped one sends no commercial mail until a person lets it go on',
    unit: null,
    threshold: null,
  },
  sender_setup: {
    title: 'What receivers check of a sender breaks',
    description: 'A record of its domain or the certificate of its server was good and no longer is; looked at every day',
    unit: null,
    threshold: null,
  },
  effect_in_doubt: {
    title: 'An act is in doubt',
    description: 'Its answer was lost and nobody can be asked: a person decides whether it happened',
    unit: null,
    threshold: null,
  },
  metric: {
    title: 'A metric does what somebody watches for',
    description: 'Falls, rises, crosses a limit or is unusual, as set under Analytics, Watches; with the deals behind it',
    unit: null,
    threshold: null,
  },
  backup_late: {
    title: 'No backup was taken in time',
    description: 'Twice the time of the plan has passed since the last one that was verified',
    unit: null,
    threshold: null,
  },
} as const satisfies Record<string, Kind>;

export type AlertKind = keyof typeof KINDS;
// The keys of a literal object are exactly its type's keys.
export const KIND_NAMES = Object.keys(KINDS) as [AlertKind, ...AlertKind[]];
export const QUIET_MINUTES = 60;
