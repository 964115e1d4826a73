import { z } from 'zod'

/** Thresholds that several rules about positions share: the same words and bounds for the same thing. */
export const rankingFields = {
  currentHours: z
    .number()
    .min(1)
    .max(240)
    .default(48)
    .meta({ description: 'How old a measurement may be to count as the present.' }),
  apartMinutes: z
    .number()
    .min(1)
    .max(1440)
    .default(30)
    .meta({ description: 'Minutes by which two measurements must be apart to count as two.' }),
  minDays: z
    .number()
    .int()
    .min(3)
    .max(7)
    .default(4)
    .meta({ description: 'Days with a good measurement that a comparison needs.' }),
  sigmas: z.number().min(1).max(10).default(3).meta({ description: 'How many times its usual variation a keyword must move.' }),
}

export const madFloor = (positions: number) =>
  z
    .number()
    .min(0.1)
    .max(5)
    .default(positions)
    .meta({ description: 'Positions by which a keyword is taken to vary from day to day at least.' })
