import type { Upcoming } from './provider.ts'

/** Platforms the dashboard already names; each leaves this list when its own file arrives. */
export const upcoming: readonly Upcoming[] = [
  {
    key: 'facebook',
    title: 'Facebook*',
    icon: 'bi-facebook',
    purpose: 'Каталог и реклама',
    footnote:
      '* Facebook принадлежит компании Meta, которая признана экстремистской организацией и запрещена в России.',
  },
]
