import fc from 'fast-check';

/**
 * Properties of a commit's own code: in CI they are tried on the same cases each time, so that it passes or fails for what is in it;
 * elsewhere on others each run. `STEWARD_TEST_SEED=…` names the cases; a failure prints its seed.
 */
const seed = process.env['STEWARD_TEST_SEED'] ?? (process.env['CI'] === undefined ? undefined : '1');
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

export default fc;
