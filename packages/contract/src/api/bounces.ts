import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { DeliveryId } from '../ids.ts'

/** hard: there is no such mailbox. soft: not now. complaint: its owner calls it spam. */
export const BounceKind = z.enum(['hard', 'soft', 'complaint']).meta({ id: 'BounceKind' })
export type BounceKind = z.infer<typeof BounceKind>

export const Bounce = z
  .object({
    kind: BounceKind,
    deliveryId: DeliveryId.nullish().meta({ description: 'The X-Tocsin-Delivery header of the mail; better than its address.' }),
    address: z.string().trim().toLowerCase().max(320).nullish(),
  })
  .meta({ id: 'Bounce' })
export type Bounce = z.infer<typeof Bounce>

export const bouncesMax = 1_000

/** Our own shape, for whatever has none that we know. */
export const Bounces = z.object({ bounces: z.array(Bounce).min(1).max(bouncesMax) }).meta({ id: 'Bounces' })

export const BounceResult = z
  .object({
    found: z.number().int().meta({ description: 'Mails that came back, as far as we could read.' }),
    noted: z.number().int().meta({ description: 'Subscribers and destinations for whom that means something.' }),
  })
  .meta({ id: 'BounceResult' })
export type BounceResult = z.infer<typeof BounceResult>

const credential =
  'Needs BOUNCE_SECRET of the installation, as a bearer token or as the password of Basic authentication, or an API key with admin rights, which reaches the subscribers of its own org only.'

export const reportDsn = defineEndpoint('reportDsn', {
  method: 'post',
  path: '/v1/bounces/dsn',
  doc: `A mail that came back, as it is (RFC 822), such as a mail server pipes it: a delivery status notification (RFC 3464) or an abuse report (RFC 5965). ${credential}`,
  needs: 'nothing',
  status: 202,
  answer: BounceResult,
})
export const reportBounces = defineEndpoint('reportBounces', {
  method: 'post',
  path: '/v1/bounces/provider',
  doc: `What a mail provider's webhook says of mails: Amazon SES (by SNS), Postmark, Mailgun, or our own shape. Deliveries and other news are heard and mean nothing. ${credential}`,
  needs: 'nothing',
  body: Bounces,
  status: 202,
  answer: BounceResult,
})
