import { z } from 'zod'
import { Actor } from '../actor.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { SilenceId } from '../ids.ts'

export const SilenceMatcher = z
  .strictObject({
    label: z.enum(['site', 'type', 'severity', 'rule', 'subject', 'tag']).meta({
      description:
        'site: its id; type: of a threat its type, else component, incident or metric; rule: a detection rule such as http.5xx, or the id of an alert rule; subject: as the alert names it; tag: of its site.',
    }),
    values: z.array(z.string().trim().min(1).max(200)).min(1).max(50).meta({ description: 'Any of these.' }),
  })
  .meta({ id: 'SilenceMatcher' })
export type SilenceMatcher = z.infer<typeof SilenceMatcher>

export const Silence = z
  .object({
    id: SilenceId,
    matchers: z.array(SilenceMatcher),
    comment: z.string(),
    startsAt: Timestamp,
    endsAt: Timestamp,
    createdBy: Actor,
    createdAt: Timestamp,
    expiredAt: Timestamp.nullable().meta({ description: 'When it ended, by hand or by itself.' }),
  })
  .meta({ id: 'Silence' })
export type Silence = z.infer<typeof Silence>

export const SilenceInput = z
  .strictObject({
    matchers: z.array(SilenceMatcher).min(1).max(10).meta({ description: 'All of them must match.' }),
    comment: z.string().trim().min(1).max(2000),
    startsAt: Timestamp.optional().meta({ description: 'Absent, or in the past: at once.' }),
    endsAt: Timestamp.meta({ description: 'Ninety days from now at the latest.' }),
  })
  .meta({
    id: 'SilenceInput',
    example: {
      matchers: [{ label: 'severity', values: ['high'] }],
      comment: 'The shop moves to another host.',
      startsAt: '2099-03-01T10:00:00.000Z',
      endsAt: '2099-03-01T12:00:00.000Z',
    },
  })
export type SilenceInput = z.infer<typeof SilenceInput>

const params = z.strictObject({ silenceId: SilenceId })

export const listSilences = defineEndpoint('listSilences', {
  method: 'get',
  path: '/v1/silences',
  doc: 'What is muted, was, or will be, newest first.',
  needs: 'read',
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['open', 'expired']).optional().meta({ description: 'open: it mutes, or will.' }),
  }),
  answer: pageOf(Silence),
})
export const createSilence = defineEndpoint('createSilence', {
  method: 'post',
  path: '/v1/silences',
  doc: 'Mute alerts for a time. They go on, and those that are still open at its end are told then.',
  needs: 'write',
  body: SilenceInput,
  answer: Silence,
})
export const getSilence = defineEndpoint('getSilence', {
  method: 'get',
  path: '/v1/silences/{silenceId}',
  doc: 'One silence.',
  needs: 'read',
  params,
  answer: Silence,
})
export const expireSilence = defineEndpoint('expireSilence', {
  method: 'post',
  path: '/v1/silences/{silenceId}/expire',
  doc: 'End it now. Doing so twice is no error.',
  needs: 'write',
  params,
  status: 200,
  answer: Silence,
})
export const deleteSilence = defineEndpoint('deleteSilence', {
  method: 'delete',
  path: '/v1/silences/{silenceId}',
  doc: 'End it and forget it; decisions keep its id.',
  needs: 'write',
  params,
  status: 204,
  answer: z.void(),
})
