import { createContext } from 'react';

/** Goes on to the next conversation of the list, when this one is out of the way. */
export const AdvanceContext = createContext<() => void>(() => undefined);
