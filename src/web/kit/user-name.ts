/** What a colleague is called; nobody must have given a full name. */
export const userName = (user: { readonly full_name: string | null; readonly username: string }): string =>
  user.full_name === null || user.full_name === '' ? user.username : user.full_name;
