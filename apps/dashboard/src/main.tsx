import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { config } from 'zod'
import { createQueries } from './queries.tsx'
import { createAppRouter } from './routes.tsx'
import { applyTheme } from './ui/theme-switch.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'
import './styles/content.css'
import './styles/monitoring.css'
import './styles/site-parts.css'
import './styles/tables.css'
import './styles/charts.css'
import './styles/instruments.css'
import './styles/alerts.css'
import './styles/receivers.css'
import './styles/status.css'

// Schemas are interpreted rather than compiled: a page of ours never needs the right to evaluate code.
config({ jitless: true })
applyTheme()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueries()}>
      <RouterProvider router={createAppRouter()} />
    </QueryClientProvider>
  </StrictMode>,
)
