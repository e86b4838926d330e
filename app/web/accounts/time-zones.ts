/** Zones a Russian shop may live in, with the name a person knows them by. */
export const TIME_ZONES = [
  { name: 'Europe/Kaliningrad', label: 'Калининград (UTC+2)' },
  { name: 'Europe/Moscow', label: 'Москва (UTC+3)' },
  { name: 'Europe/Samara', label: 'Самара (UTC+4)' },
  { name: 'Asia/Yekaterinburg', label: 'Екатеринбург (UTC+5)' },
  { name: 'Asia/Omsk', label: 'Омск (UTC+6)' },
  { name: 'Asia/Krasnoyarsk', label: 'Красноярск (UTC+7)' },
  { name: 'Asia/Irkutsk', label: 'Иркутск (UTC+8)' },
  { name: 'Asia/Yakutsk', label: 'Якутск (UTC+9)' },
  { name: 'Asia/Vladivostok', label: 'Владивосток (UTC+10)' },
  { name: 'Asia/Magadan', label: 'Магадан (UTC+11)' },
  { name: 'Asia/Kamchatka', label: 'Камчатка (UTC+12)' },
] as const
