import { useId, useState } from 'react'
import { Icon, type IconName } from './icon.tsx'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]
const looks = {
  system: { icon: 'screen', label: 'As the system' },
  light: { icon: 'sun', label: 'Light' },
  dark: { icon: 'moon', label: 'Dark' },
} satisfies Record<Theme, { icon: IconName; label: string }>
const storageKey = 'tocsin:theme'

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system'

/** Before the first paint, so that nobody is flashed at. */
export function applyTheme(theme: Theme = stored()) {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState(stored)
  const group = useId()
  function choose(next: Theme) {
    localStorage.setItem(storageKey, next)
    applyTheme(next)
    setTheme(next)
  }
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">Colours</legend>
      {themes.map((name) => (
        <label key={name} title={looks[name].label}>
          <input type="radio" name={group} className="visually-hidden" checked={theme === name} onChange={() => choose(name)} />
          <Icon name={looks[name].icon} />
          <span className="visually-hidden">{looks[name].label}</span>
        </label>
      ))}
    </fieldset>
  )
}
