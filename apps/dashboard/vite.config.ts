import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// What is built is for people, whoever builds it: under NODE_ENV=test, React and its plugin would build what helps to develop.
if (process.argv.includes('build')) process.env['NODE_ENV'] = 'production'

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
