import { Icon } from '../../ui/icon.tsx'

export function MoveButtons(props: {
  name: string
  isFirst: boolean
  isLast: boolean
  busy: boolean
  onMove: (by: 1 | -1) => void
}) {
  const steps = [
    { by: -1, icon: 'up', where: 'up', isEnd: props.isFirst },
    { by: 1, icon: 'down', where: 'down', isEnd: props.isLast },
  ] as const
  return (
    <span className="move-buttons">
      {steps.map(({ by, icon, where, isEnd }) => (
        <button
          key={where}
          type="button"
          className="icon-button"
          aria-label={`Move ${props.name} ${where}`}
          aria-disabled={isEnd || props.busy || undefined}
          onClick={() => !isEnd && !props.busy && props.onMove(by)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </span>
  )
}
