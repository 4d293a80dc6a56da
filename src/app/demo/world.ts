import type { Parts } from '../compose.ts';
import { demoConnectors } from './connectors.ts';
import { DemoNames } from './names.ts';

/** What the demo has in the place of vendors and of the DNS, once its story is told. */
export const demoWorld: Pick<Parts, 'connectors' | 'names'> = { connectors: demoConnectors, names: new DemoNames({ mended: true }) };
