type Asset = (name: string) => string

/** W3C, Web Application Manifest: what a telephone shows on its home screen. */
export const manifestOf = (asset: Asset) => ({
  name: 'EvoSync',
  short_name: 'EvoSync',
  lang: 'ru',
  start_url: '/',
  display: 'standalone',
  background_color: '#f1f4f5',
  theme_color: '#0b5363',
  icons: [
    { src: asset('logo.svg'), sizes: 'any', type: 'image/svg+xml' },
    { src: asset('touch-icon.png'), sizes: '512x512', type: 'image/png' },
  ],
})
