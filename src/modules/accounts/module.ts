import { module } from '#core/module.ts';
import { startSweeping } from './housekeeping.ts';
import { createCompany, getCompany, listCompanies, updateCompany } from './operations/companies.ts';
import { createInvite, listInvites, lookAtInvite, revokeInvite } from './operations/invites.ts';
import { createKey, listKeys, revokeKey } from './operations/keys.ts';
import { forgotPassword, makeResetLink, resetPassword } from './operations/passwords.ts';
import { acceptInvite, completeSetup, register, setupStatus } from './operations/register.ts';
import { listSessions, revokeSession } from './operations/sessions.ts';
import { createToken, endSession, startSession } from './operations/sign-in.ts';
import { createUser, deleteUser, getMe, getUser, listUsers, updateUser } from './operations/users.ts';

/** Companies, the people who sign in, and their keys. */
export default module({
  name: 'accounts',
  operations: [
    createToken,
    startSession,
    endSession,
    listSessions,
    revokeSession,
    createUser,
    listUsers,
    getMe,
    getUser,
    updateUser,
    deleteUser,
    register,
    makeResetLink,
    forgotPassword,
    resetPassword,
    createInvite,
    listInvites,
    revokeInvite,
    lookAtInvite,
    acceptInvite,
    createKey,
    listKeys,
    revokeKey,
    setupStatus,
    completeSetup,
    getCompany,
    updateCompany,
    listCompanies,
    createCompany,
  ],
  start: startSweeping,
  whileHeld: true,
});
