import { html, type Html } from '#core/portal/html.ts';
import type { PortalPage, PortalVisit } from '#core/portal/types.ts';
import { badge, card, dayIn, dayOf, form, inside, progress, rows, timeIn, written, type FormField } from '#modules/portal/public.ts';
import type { OnboardingDetail, Task } from '../shapes.ts';
import { acceptOf, acceptWords } from './accept.ts';

const settled = ({ state }: Task) => state === 'done' || state === 'skipped';

/** One onboarding on the first page: how far it is, what to read, and what is the client's to do. */
export function showOnboarding(visit: PortalVisit, { name, welcome, materials, done, total, tasks, state }: OnboardingDetail): Html {
  const ours = tasks.filter((task) => task.owner === 'us' && task.state === 'open').map((task) => task.title);
  const own = tasks.filter((task) => task.owner === 'client' && task.state !== 'waiting');
  const later = tasks.filter((task) => task.owner === 'client' && task.state === 'waiting').length;
  return html`${inside(
    html`<h3>${name}</h3>`,
    html`<div>${progress(done, total)}<small>${state === 'done' ? 'All done. Thank you.' : `${done} of ${total} steps done`}</small></div>`,
    welcome === '' || state === 'done' ? null : written(welcome),
    materials.length === 0
      ? null
      : html`<p>
          To begin with:
          ${materials.map((one, i) => html`${i === 0 ? null : ' · '}<a href="${one.url}" rel="noopener noreferrer" target="_blank">${one.title}</a>`)}
        </p>`,
    own.length === 0 ? null : html`<h3>What we need from you</h3>`,
  )}${rows(own.map((task) => ({ title: task.title, detail: whenOf(task), badge: mark(visit, task), href: `${visit.at}/${task.id}` })))}${inside(
    later === 0
      ? null
      : html`<p class="soft">${later === 1 ? 'One more step follows' : `${later} more steps follow`} when these are done.</p>`,
    ours.length === 0 ? null : html`<p class="soft">We are working on: ${ours.join(', ')}</p>`,
  )}`;
}

function whenOf(task: Task): string | null {
  return settled(task) || task.dueOn === null ? null : `Until ${dayOf(task.dueOn)}`;
}

function mark(visit: PortalVisit, task: Task): Html {
  if (task.state === 'skipped') return badge('Not needed');
  if (task.state === 'done') return badge('Done', 'ok');
  const today = visit.now.toLocaleDateString('sv-SE', { timeZone: visit.company.timeZone });
  return task.dueOn !== null && task.dueOn < today
    ? badge('Overdue', 'bad')
    : badge({ task: 'To do', form: 'To fill in', sign: 'To sign', upload: 'To upload' }[task.kind], 'accent');
}

/** A page of one task: what is to be done, or what was. */
export function showTask(
  visit: PortalVisit,
  { task, onboarding }: { readonly task: Task; readonly onboarding: OnboardingDetail },
): PortalPage {
  const body = task.body === '' ? null : html`<p class="soft">${task.body}</p>`;
  const can = task.state === 'open' && onboarding.state === 'running';
  const due = can && task.dueOn !== null ? html`<small>Until ${dayOf(task.dueOn)}</small>` : null;
  return { title: task.title, body: card(onboarding.name, inside(body, can ? toDo(visit, task) : whatWasDone(visit, task)), due) };
}

function toDo(visit: PortalVisit, task: Task): Html {
  const { kind, spec, id: path } = task;
  if (kind === 'form')
    return form(visit, {
      act: 'answer',
      label: 'Send',
      path,
      fields: (spec.fields ?? []).map((field): FormField => ({ ...field, required: field.required && field.type !== 'tick' })),
    });
  if (kind === 'upload')
    return form(visit, {
      act: 'upload',
      label: 'Upload',
      path,
      fields: [
        {
          name: 'file',
          label: 'File',
          type: 'file',
          required: true,
          accept: acceptOf(spec),
          help: `${acceptWords(spec)}, at most ${spec.maxMb ?? 25} MB`,
        },
      ],
    });
  if (kind === 'sign')
    return html`${written(spec.document ?? '', task.title)}
      ${form(visit, {
        act: 'sign',
        label: 'Sign',
        path,
        fields: [
          { name: 'agree', label: 'I have read this and agree to it.', type: 'tick' },
          { name: 'name', label: 'Your full name, as your signature', required: true, autocomplete: 'name' },
        ],
      })}
      <p class="soft"><small>With it we keep the time, your network address and a fingerprint of this text.</small></p>`;
  return form(visit, { act: 'done', label: 'Mark as done', path, fields: [] });
}

function whatWasDone(visit: PortalVisit, { state, settledAt, answers, fileName, signature, spec, title }: Task): Html {
  const when = settledAt === null ? '' : dayIn(visit, settledAt);
  if (state === 'waiting') return html`<p>This follows when other steps are done.</p>`;
  if (state === 'skipped') return html`<p>This is not needed any more.</p>`;
  if (state === 'open') return html`<p>This is closed.</p>`;
  if (signature !== null)
    return html`<p>Signed by <strong>${signature.typedName}</strong> on ${timeIn(visit, signature.signedAt)}.</p>
      ${written(spec.document ?? '', title)}
      <p class="soft"><small>Fingerprint (SHA-256): ${signature.sha256}</small></p>`;
  const given = Object.entries(answers ?? {});
  return html`<p>Done on ${when}.</p>
    ${fileName === null ? null : html`<p>You sent <strong>${fileName}</strong>.</p>`}${
      given.length === 0
        ? null
        : html`${given.map(([name, value]) => html`<p><small>${(spec.fields ?? []).find((field) => field.name === name)?.label ?? name}</small><br />${String(value)}</p>`)}`
    }`;
}
