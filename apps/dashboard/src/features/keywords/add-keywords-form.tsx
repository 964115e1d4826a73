import { putKeywords } from '@tocsin/contract/api/keywords'
import type { SiteId } from '@tocsin/contract/ids'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField, SelectField, TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'

/** One keyword or many: what they are searched with is the same for all of them. */
export function AddKeywordsForm({ siteId, onDone }: { siteId: SiteId; onDone: () => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: putKeywords,
    read: (data) => {
      const language = text(data, 'language')?.trim()
      const where = { country: text(data, 'country')?.trim(), device: text(data, 'device'), ...(language ? { language } : {}) }
      return { keywords: phrasesOf(text(data, 'phrases') ?? '').map((phrase) => ({ phrase, ...where })) }
    },
    submit: (body) => client.call(putKeywords, { params: { siteId }, body }),
    done: ({ created, unchanged, updated }) => {
      onDone()
      const known = unchanged + updated
      toast(`${created} added.${known > 0 ? ` ${known} ${known === 1 ? 'was' : 'were'} tracked already.` : ''}`)
    },
  })
  // Which of the keywords it is about does not matter: they share the fields.
  const errorOfAny = (name: string) => Array.from({ length: 50 }, (_, n) => errorOf(`keywords.${n}.${name}`)).find(Boolean)
  return (
    <form {...form}>
      <AreaField
        label="Keywords, one on each line"
        name="phrases"
        rows={6}
        placeholder={'blue shoes\nrunning shoes for women'}
        error={errorOfAny('phrase')}
      />
      <TextField
        label="Country"
        name="country"
        maxLength={2}
        placeholder="US"
        hint="Two letters, such as US, GB or DE."
        error={errorOfAny('country')}
      />
      <TextField label="Language (optional)" name="language" placeholder="en" error={errorOfAny('language')} />
      <SelectField label="Device" name="device" defaultValue="desktop" error={errorOfAny('device')}>
        <option value="desktop">Desktop</option>
        <option value="mobile">Mobile</option>
      </SelectField>
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Track them
      </Button>
    </form>
  )
}

/** None at all is one that was not filled in. */
function phrasesOf(lines: string): string[] {
  const phrases = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return phrases.length === 0 ? [''] : phrases
}
