import { expect, test } from '@jest/globals'
import type { Request } from 'express'
import { isCrossSite } from './cross-site.ts'

/** All that is read of a request here. */
const requestWith = (headers: Record<string, string>): Request =>
  ({ headers, get: (name: string) => headers[name.toLowerCase()] }) as unknown as Request

test.each([
  { headers: {}, cross: false },
  { headers: { origin: 'https://tocsin.example' }, cross: false },
  { headers: { origin: 'http://10.0.0.5:4000', host: '10.0.0.5:4000' }, cross: false },
  { headers: { origin: 'https://behind.example', host: 'behind.example' }, cross: false },
  { headers: { origin: 'https://evil.example', host: '10.0.0.5:4000' }, cross: true },
  { headers: { origin: 'http://tocsin.example' }, cross: true },
  { headers: { origin: 'null', host: 'tocsin.example' }, cross: true },
  { headers: { 'sec-fetch-site': 'same-origin' }, cross: false },
  { headers: { 'sec-fetch-site': 'none' }, cross: false },
  { headers: { 'sec-fetch-site': 'same-site', origin: 'https://tocsin.example' }, cross: true },
  { headers: { 'sec-fetch-site': 'cross-site' }, cross: true },
])('$headers → $cross', ({ headers, cross }) => expect(isCrossSite(requestWith(headers), 'https://tocsin.example')).toBe(cross))
