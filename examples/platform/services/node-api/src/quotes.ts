export interface Quote {
  readonly author: string;
  readonly text: string;
}

export const quotes: readonly Quote[] = [
  { author: 'Dijkstra', text: 'Simplicity is prerequisite for reliability.' },
  { author: 'Hoare', text: 'Inside every large program is a small program struggling to get out.' },
];
