console.log('hello');
export const hello = 1;
