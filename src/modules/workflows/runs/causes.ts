/** Why a run failed, as far as its error tells, in words, with what to do about it. */
export interface Cause {
  /** Stable, for programs. */
  readonly code: string;
  readonly title: string;
  readonly says: string;
  readonly next: { readonly label: string; readonly path: string } | null;
}

interface About {
  readonly workflowId: string;
  readonly personId: string | null;
}

interface Known {
  readonly code: string;
  readonly when: RegExp;
  readonly title: string;
  readonly says: string;
  next?(about: About): Cause['next'];
}

const connections = () => ({ label: 'Open connections', path: '/connections' });
const workflow = ({ workflowId }: About) => ({ label: 'Open the workflow', path: `/workflows/${workflowId}` });
const person = (about: About) =>
  about.personId === null ? workflow(about) : { label: 'Open the person', path: `/people/${about.personId}` };

/** The first that fits counts: the narrow ones come first. */
const KNOWN: readonly Known[] = [
  {
    code: 'credentials_rejected',
    when: /credentials|api key|password|unauthori[sz]ed|authentication|\b401\b|\b403\b|rejects its key|token (is|has) expired/i,
    title: 'The service refuses your credentials',
    says: 'The key or password of the connection is wrong, has expired or lacks a right. Renew it, then retry.',
    next: connections,
  },
  {
    code: 'variable_missing',
    when: /template needs|not known here|undefined variable|unresolved variable/i,
    title: 'A text asks for something that is not known',
    says: 'A field that the text uses is empty for this one. Fill it in, or give the text a default, then retry.',
    next: person,
  },
  {
    code: 'template_missing',
    when: /no template|template .+ does not exist|template can't be/i,
    title: 'The template is gone or broken',
    says: 'The step uses a template that is not there or can’t be read. Write it, or choose another, then retry.',
    next: () => ({ label: 'Open templates', path: '/settings/templates' }),
  },
  {
    code: 'definition_broken',
    when: /can't run as it is|no such step type|is not in version|has no step/i,
    title: 'This version of the workflow can’t run',
    says: 'Its definition has a fault, or lacks the step. Mend the workflow, publish it, and go on with the new version.',
    next: workflow,
  },
  {
    code: 'workflow_off',
    when: /is switched off|no workflow named/i,
    title: 'The workflow it starts is off or gone',
    says: 'Switch that workflow on, or take the step out, then retry.',
    next: () => ({ label: 'Open workflows', path: '/workflows' }),
  },
  {
    code: 'address_refused',
    when: /private address|not allowed to (call|reach)|this address|loopback/i,
    title: 'The address may not be called',
    says: 'Steward calls no addresses inside your network unless the configuration says so. Change the address of the step.',
    next: workflow,
  },
  {
    code: 'blocked_by_rule',
    when: /blocked|consent|suppress|opted out|sending hours|frequency/i,
    title: 'A rule kept the message back',
    says: 'The gate did not let it pass. The person’s page says which rule and why.',
    next: person,
  },
  {
    code: 'too_fast',
    when: /\b429\b|too many requests|rate limit|quota/i,
    title: 'The service wants fewer calls',
    says: 'It has had enough calls for now. Retry later; Steward slows down by itself.',
  },
  {
    code: 'service_down',
    when: /took longer|timed? ?out|ETIMEDOUT|ECONN|ENOTFOUND|EAI_AGAIN|socket|fetch failed|unavailable|unreachable|\b50[0234]\b|is down|network/i,
    title: 'The service did not answer',
    says: 'It is down, or slow, or can’t be reached from here. Retry when it is back.',
    next: connections,
  },
  {
    code: 'limit_reached',
    when: /memory|too deep|too large|too big|endless|more than \d+ (items|steps)|expression/i,
    title: 'A step asked for too much',
    says: 'It went over a limit of time, memory or size, or its expression failed. Make it smaller, publish, and go on with the new version.',
    next: workflow,
  },
  {
    code: 'branch_failed',
    when: /branch/i,
    title: 'A branch of it failed',
    says: 'One of the branches it waits for did not get through. Open that branch: its own error says why.',
  },
  {
    code: 'input_refused',
    when: /does not fit|invalid|must be|is missing|needs|no fields that a workflow may set|\b4(00|04|22)\b/i,
    title: 'What the step was given does not fit',
    says: 'The step, or the service it calls, refuses its input. Look at the input below, mend the step, and go on with the new version.',
    next: workflow,
  },
];

/** What is likely behind an error; an unknown one has the plain advice. */
export function causeOf(error: string, about: About): Cause {
  const known = KNOWN.find((one) => one.when.test(error));
  if (known !== undefined) return { code: known.code, title: known.title, says: known.says, next: known.next?.(about) ?? null };
  return {
    code: 'unknown',
    title: 'The step failed',
    says: 'Look at what the step was given and what it said. Retry it, or mend the workflow and go on with the new version.',
    next: workflow(about),
  };
}
