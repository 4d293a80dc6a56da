import { HeldInstance } from '#core/errors.ts';
import type { Parts } from './parts.ts';

/** Held, nothing is taken up: not by what this process knows, and not by what the database says. */
export async function unlessHeld<T>({ fence }: Parts, work: () => Promise<T>, otherwise: T): Promise<T> {
  if (fence.held) return otherwise;
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HeldInstance)) throw error;
    await fence.refused();
    return otherwise;
  }
}
