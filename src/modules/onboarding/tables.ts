import { date, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { companyId, createdAt, id, instant, updatedAt } from '#core/database/columns.ts';
import type { Facts } from '#core/engine/types.ts';
import type { Material, PlanTask, TaskSpec } from './plan/task.ts';

export const OWNERS = ['us', 'client'] as const;
export const KINDS = ['task', 'form', 'sign', 'upload'] as const;
export const STATES = ['running', 'done', 'cancelled'] as const;
export const TASK_STATES = ['waiting', 'open', 'done', 'skipped'] as const;

/** A template: what is done with every new client. */
export const onboardingPlans = pgTable('onboarding_plans', {
  id: id(),
  companyId: companyId(),
  name: text().notNull(),
  welcome: text().notNull().default(''),
  materials: jsonb().$type<readonly Material[]>().notNull().default([]),
  tasks: jsonb().$type<readonly PlanTask[]>().notNull().default([]),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** One client taken through one plan. `waitsSince`: only the client can go on. */
export const onboardings = pgTable('onboardings', {
  id: id(),
  companyId: companyId(),
  clientId: uuid().notNull(),
  planId: uuid(),
  name: text().notNull(),
  welcome: text().notNull().default(''),
  materials: jsonb().$type<readonly Material[]>().notNull().default([]),
  state: text({ enum: STATES }).notNull().default('running'),
  startedOn: date().notNull(),
  waitsSince: instant(),
  endedAt: instant(),
  createdBy: uuid(), // users.id
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const onboardingTasks = pgTable(
  'onboarding_tasks',
  {
    id: id(),
    companyId: companyId(),
    onboardingId: uuid().notNull(),
    clientId: uuid().notNull(),
    key: text().notNull(),
    position: integer().notNull(),
    title: text().notNull(),
    body: text().notNull().default(''),
    owner: text({ enum: OWNERS }).notNull(),
    kind: text({ enum: KINDS }).notNull(),
    spec: jsonb().$type<TaskSpec>().notNull().default({}),
    dueDays: integer(),
    dueOf: text({ enum: ['business', 'calendar'] })
      .notNull()
      .default('business'),
    dueAfter: text(), // key; null: counted from the beginning
    needs: text().array().notNull().default([]),
    state: text({ enum: TASK_STATES }).notNull().default('waiting'),
    dueOn: date(),
    openedAt: instant(),
    settledAt: instant(),
    settledBy: uuid(), // users.id; null: the client
    answers: jsonb().$type<Facts>(),
    fileId: uuid(), // person_files.id
    fileName: text(),
    assigneeId: uuid(), // users.id
    todoId: uuid(), // tasks.id
    overdueToldAt: instant(),
    updatedAt: updatedAt(),
  },
  (t) => [unique('onboarding_tasks_once').on(t.onboardingId, t.key)],
);

/** Evidence: never changed. */
export const onboardingSignatures = pgTable('onboarding_signatures', {
  taskId: uuid().primaryKey(),
  companyId: companyId(),
  clientId: uuid().notNull(),
  typedName: text().notNull(),
  signedAt: instant().notNull(),
  ip: text(),
  userAgent: text(),
  title: text().notNull(),
  document: text().notNull(),
  sha256: text().notNull(),
});
