import { type ReactNode, useEffect } from 'react'

/** One screen: its heading is where the focus goes on arrival, and the title of the tab. */
export function Screen(props: {
  title: string
  heading?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${props.title} · Tocsin`
  }, [props.title])
  return (
    <div className="screen">
      <header className="screen-head">
        <div className="screen-title">
          <h1 tabIndex={-1}>{props.heading ?? props.title}</h1>
          {props.lead && <div className="screen-lead">{props.lead}</div>}
        </div>
        {props.actions && <div className="screen-actions">{props.actions}</div>}
      </header>
      {props.children}
    </div>
  )
}

/** A part of a screen with a heading of its own. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="section" aria-label={props.title}>
      <header className="section-head">
        <h2>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  )
}

export function Empty(props: { title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{props.title}</p>
      <div className="empty-text">{props.children}</div>
    </div>
  )
}
