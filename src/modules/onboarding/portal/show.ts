import { html, type Html } from '#core/portal/html.ts';
import type { PortalPage, PortalVisit } from '#core/portal/types.ts';
import { badge, card, dayIn, dayOf, form, inside, progress, rows, timeIn, written, type FormField } from '#modules/portal/public.ts';
import type { OnboardingDetail, Task } from '../shapes.ts';
import { acceptOf, acceptWords } from './accept.ts';
import { ONBOARDING_WORDS } from './words.ts';

const settled = ({ state }: Task) => state === 'done' || state === 'skipped';

/** One onboarding on the first page: how far it is, what to read, and what is the client's to do. */
export function showOnboarding(visit: PortalVisit, { name, welcome, materials, done, total, tasks, state }: OnboardingDetail): Html {
  const words = ONBOARDING_WORDS[visit.language];
  const ours = tasks.filter((task) => task.owner === 'us' && task.state === 'open').map((task) => task.title);
  const own = tasks.filter((task) => task.owner === 'client' && task.state !== 'waiting');
  const later = tasks.filter((task) => task.owner === 'client' && task.state === 'waiting').length;
  return html`${inside(
    html`<h3>${name}</h3>`,
    html`<div>
      ${progress(done, total, words.stepsDone(done, total))}<small
        >${state === 'done' ? words.allDone : words.stepsDone(done, total)}</small
      >
    </div>`,
    welcome === '' || state === 'done' ? null : written(welcome),
    materials.length === 0
      ? null
      : html`<p>
          ${words.toBegin}
          ${materials.map((one, i) => html`${i === 0 ? null : ' · '}<a href="${one.url}" rel="noopener noreferrer" target="_blank">${one.title}</a>`)}
        </p>`,
    own.length === 0 ? null : html`<h3>${words.needed}</h3>`,
  )}${rows(own.map((task) => ({ title: task.title, detail: whenOf(visit, task), badge: mark(visit, task), href: `${visit.at}/${task.id}` })))}${inside(
    later === 0 ? null : html`<p class="soft">${words.follow(later)}</p>`,
    ours.length === 0 ? null : html`<p class="soft">${words.ours(ours.join(', '))}</p>`,
  )}`;
}

function whenOf(visit: PortalVisit, task: Task): string | null {
  return settled(task) || task.dueOn === null ? null : ONBOARDING_WORDS[visit.language].until(dayOf(visit, task.dueOn));
}

function mark(visit: PortalVisit, task: Task): Html {
  const words = ONBOARDING_WORDS[visit.language];
  if (task.state === 'skipped') return badge(words.skipped);
  if (task.state === 'done') return badge(words.done, 'ok');
  const today = visit.now.toLocaleDateString('sv-SE', { timeZone: visit.company.timeZone });
  return task.dueOn !== null && task.dueOn < today ? badge(words.overdue, 'bad') : badge(words.toDo[task.kind], 'accent');
}

/** A page of one task: what is to be done, or what was. */
export function showTask(
  visit: PortalVisit,
  { task, onboarding }: { readonly task: Task; readonly onboarding: OnboardingDetail },
): PortalPage {
  const body = task.body === '' ? null : html`<p class="soft">${task.body}</p>`;
  const can = task.state === 'open' && onboarding.state === 'running';
  const due = can && task.dueOn !== null ? html`<small>${ONBOARDING_WORDS[visit.language].until(dayOf(visit, task.dueOn))}</small>` : null;
  return { title: task.title, body: card(onboarding.name, inside(body, can ? toDo(visit, task) : whatWasDone(visit, task)), due) };
}

function toDo(visit: PortalVisit, task: Task): Html {
  const { kind, spec, id: path } = task;
  const words = ONBOARDING_WORDS[visit.language];
  if (kind === 'form')
    return form(visit, {
      act: 'answer',
      label: words.send,
      path,
      fields: (spec.fields ?? []).map((field): FormField => ({ ...field, required: field.required && field.type !== 'tick' })),
    });
  if (kind === 'upload')
    return form(visit, {
      act: 'upload',
      label: words.upload,
      path,
      fields: [
        {
          name: 'file',
          label: words.file,
          type: 'file',
          required: true,
          accept: acceptOf(spec),
          help: words.atMost(acceptWords(spec, visit.language), spec.maxMb ?? 25),
        },
      ],
    });
  if (kind === 'sign')
    return html`${written(spec.document ?? '', task.title)}
      ${form(visit, {
        act: 'sign',
        label: words.sign,
        path,
        fields: [
          { name: 'agree', label: words.agree, type: 'tick' },
          { name: 'name', label: words.fullName, required: true, autocomplete: 'name' },
        ],
      })}
      <p class="soft"><small>${words.proof}</small></p>`;
  return form(visit, { act: 'done', label: words.markDone, path, fields: [] });
}

function whatWasDone(visit: PortalVisit, { state, settledAt, answers, fileName, signature, spec, title }: Task): Html {
  const words = ONBOARDING_WORDS[visit.language];
  const when = settledAt === null ? '' : dayIn(visit, settledAt);
  if (state === 'waiting') return html`<p>${words.follows}</p>`;
  if (state === 'skipped') return html`<p>${words.notNeeded}</p>`;
  if (state === 'open') return html`<p>${words.closed}</p>`;
  if (signature !== null)
    return html`<p>
        ${words.signedBy.before}<strong>${signature.typedName}</strong>${words.signedBy.after(timeIn(visit, signature.signedAt))}
      </p>
      ${written(spec.document ?? '', title)}
      <p class="soft"><small>${words.fingerprint(signature.sha256)}</small></p>`;
  const given = Object.entries(answers ?? {});
  return html`<p>${words.doneOn(when)}</p>
    ${fileName === null ? null : html`<p>${words.sent.before}<strong>${fileName}</strong>${words.sent.after}</p>`}${
      given.length === 0
        ? null
        : html`${given.map(([name, value]) => html`<p><small>${(spec.fields ?? []).find((field) => field.name === name)?.label ?? name}</small><br />${String(value)}</p>`)}`
    }`;
}
