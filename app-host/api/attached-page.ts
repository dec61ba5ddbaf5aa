import type { EventEmitter } from 'node:events';
import type { FromPage } from '../bridge/messages.ts';
import type { PageTarget } from '../chromium/page-queue.ts';
import { browser } from '../host.ts';
import { HostEvent } from './host-event.ts';
import { Navigation } from './navigation.ts';
import { PageLink } from './page-link.ts';
import { PageRequests } from './page-requests.ts';

/** What a page asks of the window that it belongs to. */
export interface PageOwner extends EventEmitter {
  receive(message: FromPage, document: number): void;
  /** False keeps the page where it is. */
  mayNavigate(url: string): boolean;
  /** The page wants a new window. */
  windowOpen(url: string, name: string, features: string): void;
  /** The user closes the window; false keeps it. */
  mayUnload(): boolean;
}

/** One of Chromium's pages, with everything that the host has put into it. */
export class AttachedPage {
  readonly target: PageTarget;
  readonly link: PageLink;
  readonly navigation: Navigation;
  readonly requests: PageRequests;

  constructor(target: PageTarget, owner: PageOwner) {
    const { session, targetId } = target;
    this.target = target;
    this.link = new PageLink(session, (message, document) => owner.receive(message, document));
    this.navigation = new Navigation(session, targetId, owner);
    this.requests = new PageRequests(session, targetId, (url) => owner.mayNavigate(url));
    this.#watch(owner);
    this.navigation.enable();
    this.requests.enable();
    session.post('Inspector.enable', {});
    // Without it Chromium does not put the preload world's binding into documents to come.
    session.post('Runtime.enable', {});
    session.post('Runtime.runIfWaitingForDebugger', {});
  }

  /**
   * Gets a page of a running browser.
   * @throws HostError `chromium_failed`
   */
  static async open(owner: PageOwner): Promise<AttachedPage> {
    return new AttachedPage(await browser.openPage(), owner);
  }

  close(): void {
    const { targetId, session } = this.target;
    browser.root().then(
      (root) => root.post('Target.closeTarget', { targetId }),
      () => session.post('Page.close', {}),
    );
  }

  #watch(owner: PageOwner): void {
    const { session } = this.target;
    session.on('Inspector.targetCrashed', () => {
      owner.emit('render-process-gone', new HostEvent(), { reason: 'crashed', exitCode: 1 });
    });
    session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
      owner.windowOpen(url, windowName, windowFeatures.join());
    });
    session.on('Page.javascriptDialogOpening', ({ type }) => {
      if (type !== 'beforeunload') return;
      const accept = this.navigation.leaving || owner.mayUnload();
      session.post('Page.handleJavaScriptDialog', { accept });
    });
    session.on('Runtime.consoleAPICalled', ({ type, args }) => {
      if (owner.listenerCount('console-message') === 0) return;
      const message = args.map((arg) => String(arg.value ?? arg.description ?? arg.type)).join(' ');
      owner.emit('console-message', Object.assign(new HostEvent(), { level: type, message }));
    });
  }
}
