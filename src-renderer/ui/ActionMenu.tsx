import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';

export type MenuAction = {
  key: string;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  run: () => void;
};

type Props = { label: string; actions: readonly MenuAction[]; tabIndex?: number };

/** The kebab menu of a row or page. */
export function ActionMenu({ label, actions, tabIndex = 0 }: Props) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={label}
          tabIndex={tabIndex}
          onClick={(event) => event.stopPropagation()}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        {actions.map((action, index) => (
          <Fragment key={action.key}>
            {action.danger && index > 0 ? <Menu.Divider /> : null}
            <Menu.Item
              leftSection={action.icon}
              {...(action.danger ? { color: 'var(--bad)' } : {})}
              onClick={action.run}
            >
              {action.label}
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
