import { NotIndexable } from '@tocsin/contract/api/pages'
import { reasonWords } from './page-words.ts'
import type { PageFilter } from './use-pages.ts'

const statuses = {
  '': 'Every answer',
  '2xx': 'Answers well',
  '3xx': 'Redirects',
  '4xx': 'Client errors (4xx)',
  '5xx': 'Server errors (5xx)',
  none: 'No answer',
} satisfies Record<PageFilter['status'], string>
const indexes = { '': 'In the index or not', yes: 'May be in the index', ...reasonWords } satisfies Record<
  PageFilter['index'],
  string
>
const sitemaps = { '': 'In the sitemap or not', yes: 'In the sitemap', no: 'Not in the sitemap' } satisfies Record<
  PageFilter['inSitemap'],
  string
>

export function PageFilters({ filter, onChange }: { filter: PageFilter; onChange: (changes: Partial<PageFilter>) => void }) {
  return (
    <search className="filters">
      <input
        className="inline-search"
        aria-label="Part of the address"
        type="search"
        placeholder="Part of the address"
        maxLength={200}
        value={filter.q}
        onChange={({ target }) => onChange({ q: target.value })}
      />
      <Choice
        label="Answer"
        options={statuses}
        value={filter.status}
        onChoose={(status) => onChange({ status })}
        known={['', '2xx', '3xx', '4xx', '5xx', 'none']}
      />
      <Choice
        label="Index"
        options={indexes}
        value={filter.index}
        onChoose={(index) => onChange({ index })}
        known={['', 'yes', ...NotIndexable.options]}
      />
      <Choice
        label="Sitemap"
        options={sitemaps}
        value={filter.inSitemap}
        onChoose={(inSitemap) => onChange({ inSitemap })}
        known={['', 'yes', 'no']}
      />
    </search>
  )
}

function Choice<Value extends string>(props: {
  label: string
  options: Record<Value, string>
  value: Value
  known: readonly Value[]
  onChoose: (value: Value) => void
}) {
  return (
    <select
      className="inline-choice"
      aria-label={props.label}
      value={props.value}
      onChange={({ target }) => {
        const value = props.known.find((each) => each === target.value)
        if (value !== undefined) props.onChoose(value)
      }}
    >
      {props.known.map((value) => (
        <option key={value} value={value}>
          {props.options[value]}
        </option>
      ))}
    </select>
  )
}
