export function price(size: 'small' | 'large'): number {
  switch (size) {
    case 'small':
      return 1;
  }
  return 0;
}
