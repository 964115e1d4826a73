import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    // Browsers that know light-dark() and the dialog element, both of which the styles and screens rely on.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
  },
  // For work on the dashboard itself: screens from Vite, everything else from a running `npm start`.
  server: { proxy: { '/v1': 'http://127.0.0.1:4000' } },
})
