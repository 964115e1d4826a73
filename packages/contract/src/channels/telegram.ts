import { z } from 'zod'
import { baseUrl, defineChannel, token } from '../channel.ts'

export const telegram = defineChannel('telegram', {
  title: 'Telegram',
  doc: 'A bot of yours that is a member of the chat; @BotFather gives its token.',
  settings: z.strictObject({
    // Its colon and its alphabet are fixed: anything else would change the path it is put into.
    token: token('Bot token', 'As @BotFather gives it.', '123456:ABC-DEF').regex(
      /^\d+:[\w-]+$/,
      'Must be digits, a colon and a key.',
    ),
    chatId: token('Chat', 'The number of the chat, or @ and the name of a public channel.', '-1001234567890'),
    baseUrl: baseUrl('https://api.telegram.org'),
  }),
  secrets: ['token'],
  address: ({ chatId }) => chatId,
})
