/**
 * The part of the Chrome DevTools Protocol that the host speaks: `[parameters, result]` of each command, and the
 * parameters of each event. Source: https://chromedevtools.github.io/devtools-protocol/tot/
 */
export interface Commands {
  'Browser.close': [Empty, Empty];
  'Browser.getVersion': [Empty, { product: string; userAgent: string }];
  'Browser.getWindowForTarget': [{ targetId?: string }, { windowId: number; bounds: Bounds }];
  'Browser.setWindowBounds': [{ windowId: number; bounds: Bounds }, Empty];
  'Browser.getWindowBounds': [{ windowId: number }, { bounds: Bounds }];
  'Browser.grantPermissions': [{ origin?: string; permissions: string[] }, Empty];
  'Browser.setDownloadBehavior': [{ behavior: 'deny' | 'default' }, Empty];
  'DOM.getFileInfo': [{ objectId: string }, { path: string }];
  'Emulation.setDefaultBackgroundColorOverride': [{ color: Color }, Empty];
  'Emulation.setEmulatedMedia': [{ features: { name: string; value: string }[] }, Empty];
  'Fetch.continueRequest': [{ requestId: string }, Empty];
  'Fetch.enable': [{ patterns: { urlPattern: string; resourceType?: string }[] }, Empty];
  'Fetch.failRequest': [{ requestId: string; errorReason: 'Aborted' | 'Failed' }, Empty];
  'Fetch.fulfillRequest': [Fulfilment, Empty];
  'Inspector.enable': [Empty, Empty];
  'Page.addScriptToEvaluateOnNewDocument': [
    { source: string; worldName?: string },
    { identifier: string },
  ];
  'Page.bringToFront': [Empty, Empty];
  'Page.captureScreenshot': [{ format: 'png' }, { data: string }];
  'Page.close': [Empty, Empty];
  'Page.enable': [Empty, Empty];
  'Page.getNavigationHistory': [Empty, { currentIndex: number; entries: { id: number }[] }];
  'Page.handleJavaScriptDialog': [{ accept: boolean; promptText?: string }, Empty];
  'Page.navigate': [{ url: string }, { frameId: string; loaderId?: string; errorText?: string }];
  'Page.reload': [{ ignoreCache?: boolean }, Empty];
  'Page.setLifecycleEventsEnabled': [{ enabled: boolean }, Empty];
  'Page.stopLoading': [Empty, Empty];
  'Runtime.addBinding': [{ name: string; executionContextName?: string }, Empty];
  'Runtime.callFunctionOn': [
    { functionDeclaration: string; objectId: string; returnByValue?: boolean },
    Evaluation,
  ];
  'Runtime.enable': [Empty, Empty];
  'Runtime.evaluate': [EvaluateOptions, Evaluation];
  'Runtime.releaseObject': [{ objectId: string }, Empty];
  'Runtime.runIfWaitingForDebugger': [Empty, Empty];
  'Target.closeTarget': [{ targetId: string }, Empty];
  'Target.createTarget': [{ url: string; newWindow?: boolean }, { targetId: string }];
  'Target.setAutoAttach': [
    {
      autoAttach: boolean;
      waitForDebuggerOnStart: boolean;
      flatten: true;
      filter?: { type?: string; exclude?: boolean }[];
    },
    Empty,
  ];
  'Target.setDiscoverTargets': [{ discover: boolean; filter?: { type?: string }[] }, Empty];
}

export interface Events {
  'Fetch.requestPaused': PausedRequest;
  'Inspector.targetCrashed': Empty;
  'Page.domContentEventFired': Empty;
  'Page.frameNavigated': {
    frame: { id: string; parentId?: string; url: string; urlFragment?: string };
  };
  'Page.frameRequestedNavigation': { frameId: string; url: string };
  'Page.frameStartedLoading': { frameId: string };
  'Page.frameStoppedLoading': { frameId: string };
  'Page.javascriptDialogOpening': { type: string; message: string; url: string };
  'Page.lifecycleEvent': { frameId: string; loaderId: string; name: string };
  'Page.loadEventFired': Empty;
  'Page.navigatedWithinDocument': { frameId: string; url: string };
  'Page.windowOpen': { url: string; windowName: string; windowFeatures: string[] };
  'Runtime.bindingCalled': { name: string; payload: string; executionContextId: number };
  'Runtime.consoleAPICalled': { type: string; args: RemoteObject[] };
  'Target.attachedToTarget': {
    sessionId: string;
    targetInfo: TargetInfo;
    waitingForDebugger: boolean;
  };
  'Target.detachedFromTarget': { sessionId: string };
  'Target.targetInfoChanged': { targetInfo: TargetInfo };
}

type Empty = Record<string, never>;

export interface Bounds {
  left?: number;
  top?: number;
  width?: number;
  height?: number;
  windowState?: 'normal' | 'minimized' | 'maximized' | 'fullscreen';
}

export interface TargetInfo {
  targetId: string;
  type: string;
  title: string;
  url: string;
  openerId?: string;
}

export interface PausedRequest {
  requestId: string;
  frameId: string;
  resourceType: string;
  request: {
    url: string;
    urlFragment?: string;
    method: string;
    headers: Record<string, string>;
    postData?: string;
    postDataEntries?: { bytes?: string }[];
  };
}

export interface Color {
  r: number;
  g: number;
  b: number;
  a: number;
}

interface Fulfilment {
  requestId: string;
  responseCode: number;
  responsePhrase?: string;
  responseHeaders: { name: string; value: string }[];
  body: string;
}

interface EvaluateOptions {
  expression: string;
  contextId?: number;
  awaitPromise?: boolean;
  returnByValue?: boolean;
  silent?: boolean;
  userGesture?: boolean;
}

export interface RemoteObject {
  type: string;
  value?: unknown;
  objectId?: string;
  description?: string;
}

interface Evaluation {
  result: RemoteObject;
  exceptionDetails?: { text: string; exception?: RemoteObject };
}
