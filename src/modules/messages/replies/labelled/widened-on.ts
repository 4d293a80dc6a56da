import { afterwards } from './afterwards.ts';
import { blindLookAlikes, blindOddStops, blindRest, blindStops } from './blind.ts';
import { blindSecond } from './blind-second.ts';
import { closing } from './closing.ts';
import { final } from './final.ts';
import { fresh } from './fresh.ts';
import { heldOut } from './held-out.ts';
import { last } from './last.ts';
import type { LabelledReply } from './sample.ts';
import { sealed } from './sealed.ts';
import { second } from './second.ts';
import { third } from './third.ts';
import { tuning } from './tuning.ts';
import { unseen } from './unseen.ts';

/** The replies on which the rules were widened, one set after the other (ADR 0137). */
export const widenedOn: readonly LabelledReply[] = [
  tuning,
  heldOut,
  second,
  third,
  fresh,
  sealed,
  afterwards,
  unseen,
  last,
  final,
  closing,
  blindSecond,
  blindStops,
  blindOddStops,
  blindLookAlikes,
  blindRest,
].flat();
