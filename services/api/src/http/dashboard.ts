import { join, resolve } from 'node:path'
import express, { Router } from 'express'

/** Under these a missing thing is an error for a program to read, never the dashboard's page. */
const forPrograms = /^\/(v1|api|docs|assets|health|metrics)(\/|$)/

/** The built dashboard. Every path that is not a file is one of its screens. Without a build: a word on where everything is. */
export function createDashboard(dashboardDir: string | null): Router {
  const router = Router()
  if (dashboardDir === null) {
    router.get('/', (_request, response) => {
      response.set('Cache-Control', 'no-store').type('text').send('Tocsin is running. The API is described at /docs.\n')
    })
    return router
  }
  const folder = resolve(dashboardDir)
  // The names of built files carry a digest of what is in them.
  router.use('/assets', express.static(join(folder, 'assets'), { index: false, immutable: true, maxAge: '1y', redirect: false }))
  router.use(express.static(folder, { index: false, cacheControl: false, redirect: false, setHeaders: revalidate }))
  router.get('/{*screen}', (request, response, next) => {
    if (forPrograms.test(request.path) || !request.accepts('html')) return next()
    revalidate(response)
    response.sendFile(join(folder, 'index.html'), { cacheControl: false })
  })
  return router
}

/** The page names the files of its build, so an old page asks for files that are gone. */
function revalidate(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache')
}
