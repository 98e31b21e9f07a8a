// Made by scripts/generate-builtin-types.mjs; do not edit.
import type { BuiltinType } from './builtin-type.ts';

export const builtinTypes: Readonly<Record<string, BuiltinType>> = {
  ApiextensionsV1ServiceReference: {
    required: ['name', 'namespace'],
    fields: {
      name: 'string',
      namespace: 'string',
      path: 'string',
      port: 'integer',
    },
  },
  ApiextensionsV1WebhookClientConfig: {
    required: [],
    fields: {
      caBundle: 'bytes',
      service: 'ApiextensionsV1ServiceReference',
      url: 'string',
    },
  },
  AuthenticationV1TokenRequest: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1TokenRequestSpec',
      status: 'V1TokenRequestStatus',
    },
  },
  CoreV1EndpointPort: {
    required: ['port'],
    fields: {
      appProtocol: 'string',
      name: 'string',
      port: 'integer',
      protocol: 'string',
    },
  },
  CoreV1Event: {
    required: ['involvedObject', 'metadata'],
    fields: {
      action: 'string',
      apiVersion: 'string',
      count: 'integer',
      eventTime: 'time',
      firstTimestamp: 'time',
      involvedObject: 'V1ObjectReference',
      kind: 'string',
      lastTimestamp: 'time',
      message: 'string',
      metadata: 'V1ObjectMeta',
      reason: 'string',
      related: 'V1ObjectReference',
      reportingComponent: 'string',
      reportingInstance: 'string',
      series: 'CoreV1EventSeries',
      source: 'V1EventSource',
      type: 'string',
    },
  },
  CoreV1EventSeries: {
    required: [],
    fields: {
      count: 'integer',
      lastObservedTime: 'time',
    },
  },
  CoreV1ResourceClaim: {
    required: ['name'],
    fields: {
      name: 'string',
      request: 'string',
    },
  },
  DiscoveryV1EndpointPort: {
    required: [],
    fields: {
      appProtocol: 'string',
      name: 'string',
      port: 'integer',
      protocol: 'string',
    },
  },
  EventsV1Event: {
    required: ['eventTime'],
    fields: {
      action: 'string',
      apiVersion: 'string',
      deprecatedCount: 'integer',
      deprecatedFirstTimestamp: 'time',
      deprecatedLastTimestamp: 'time',
      deprecatedSource: 'V1EventSource',
      eventTime: 'time',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      note: 'string',
      reason: 'string',
      regarding: 'V1ObjectReference',
      related: 'V1ObjectReference',
      reportingController: 'string',
      reportingInstance: 'string',
      series: 'EventsV1EventSeries',
      type: 'string',
    },
  },
  EventsV1EventSeries: {
    required: ['count', 'lastObservedTime'],
    fields: {
      count: 'integer',
      lastObservedTime: 'time',
    },
  },
  RbacV1Subject: {
    required: ['kind', 'name'],
    fields: {
      apiGroup: 'string',
      kind: 'string',
      name: 'string',
      namespace: 'string',
    },
  },
  V1AWSElasticBlockStoreVolumeSource: {
    required: ['volumeID'],
    fields: {
      fsType: 'string',
      partition: 'integer',
      readOnly: 'boolean',
      volumeID: 'string',
    },
  },
  V1Affinity: {
    required: [],
    fields: {
      nodeAffinity: 'V1NodeAffinity',
      podAffinity: 'V1PodAffinity',
      podAntiAffinity: 'V1PodAntiAffinity',
    },
  },
  V1AggregationRule: {
    required: [],
    fields: {
      clusterRoleSelectors: '[V1LabelSelector]',
    },
  },
  V1AppArmorProfile: {
    required: ['type'],
    fields: {
      localhostProfile: 'string',
      type: 'string',
    },
  },
  V1AttachedVolume: {
    required: ['devicePath', 'name'],
    fields: {
      devicePath: 'string',
      name: 'string',
    },
  },
  V1AuditAnnotation: {
    required: ['key', 'valueExpression'],
    fields: {
      key: 'string',
      valueExpression: 'string',
    },
  },
  V1AzureDiskVolumeSource: {
    required: ['diskName', 'diskURI'],
    fields: {
      cachingMode: 'string',
      diskName: 'string',
      diskURI: 'string',
      fsType: 'string',
      kind: 'string',
      readOnly: 'boolean',
    },
  },
  V1AzureFileVolumeSource: {
    required: ['secretName', 'shareName'],
    fields: {
      readOnly: 'boolean',
      secretName: 'string',
      shareName: 'string',
    },
  },
  V1Binding: {
    required: ['target'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      target: 'V1ObjectReference',
    },
  },
  V1BoundObjectReference: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      name: 'string',
      uid: 'string',
    },
  },
  V1CSIVolumeSource: {
    required: ['driver'],
    fields: {
      driver: 'string',
      fsType: 'string',
      nodePublishSecretRef: 'V1LocalObjectReference',
      readOnly: 'boolean',
      volumeAttributes: '{string}',
    },
  },
  V1Capabilities: {
    required: [],
    fields: {
      add: '[string]',
      drop: '[string]',
    },
  },
  V1CephFSVolumeSource: {
    required: ['monitors'],
    fields: {
      monitors: '[string]',
      path: 'string',
      readOnly: 'boolean',
      secretFile: 'string',
      secretRef: 'V1LocalObjectReference',
      user: 'string',
    },
  },
  V1CinderVolumeSource: {
    required: ['volumeID'],
    fields: {
      fsType: 'string',
      readOnly: 'boolean',
      secretRef: 'V1LocalObjectReference',
      volumeID: 'string',
    },
  },
  V1ClientIPConfig: {
    required: [],
    fields: {
      timeoutSeconds: 'integer',
    },
  },
  V1ClusterRole: {
    required: [],
    fields: {
      aggregationRule: 'V1AggregationRule',
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      rules: '[V1PolicyRule]',
    },
  },
  V1ClusterRoleBinding: {
    required: ['roleRef'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      roleRef: 'V1RoleRef',
      subjects: '[RbacV1Subject]',
    },
  },
  V1ClusterTrustBundleProjection: {
    required: ['path'],
    fields: {
      labelSelector: 'V1LabelSelector',
      name: 'string',
      optional: 'boolean',
      path: 'string',
      signerName: 'string',
    },
  },
  V1Condition: {
    required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
    fields: {
      lastTransitionTime: 'time',
      message: 'string',
      observedGeneration: 'integer',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1ConfigMap: {
    required: [],
    fields: {
      apiVersion: 'string',
      binaryData: '{bytes}',
      data: '{string}',
      immutable: 'boolean',
      kind: 'string',
      metadata: 'V1ObjectMeta',
    },
  },
  V1ConfigMapEnvSource: {
    required: [],
    fields: {
      name: 'string',
      optional: 'boolean',
    },
  },
  V1ConfigMapKeySelector: {
    required: ['key'],
    fields: {
      key: 'string',
      name: 'string',
      optional: 'boolean',
    },
  },
  V1ConfigMapNodeConfigSource: {
    required: ['kubeletConfigKey', 'name', 'namespace'],
    fields: {
      kubeletConfigKey: 'string',
      name: 'string',
      namespace: 'string',
      resourceVersion: 'string',
      uid: 'string',
    },
  },
  V1ConfigMapProjection: {
    required: [],
    fields: {
      items: '[V1KeyToPath]',
      name: 'string',
      optional: 'boolean',
    },
  },
  V1ConfigMapVolumeSource: {
    required: [],
    fields: {
      defaultMode: 'integer',
      items: '[V1KeyToPath]',
      name: 'string',
      optional: 'boolean',
    },
  },
  V1Container: {
    required: ['name'],
    fields: {
      args: '[string]',
      command: '[string]',
      env: '[V1EnvVar]',
      envFrom: '[V1EnvFromSource]',
      image: 'string',
      imagePullPolicy: 'string',
      lifecycle: 'V1Lifecycle',
      livenessProbe: 'V1Probe',
      name: 'string',
      ports: '[V1ContainerPort]',
      readinessProbe: 'V1Probe',
      resizePolicy: '[V1ContainerResizePolicy]',
      resources: 'V1ResourceRequirements',
      restartPolicy: 'string',
      restartPolicyRules: '[V1ContainerRestartRule]',
      securityContext: 'V1SecurityContext',
      startupProbe: 'V1Probe',
      stdin: 'boolean',
      stdinOnce: 'boolean',
      terminationMessagePath: 'string',
      terminationMessagePolicy: 'string',
      tty: 'boolean',
      volumeDevices: '[V1VolumeDevice]',
      volumeMounts: '[V1VolumeMount]',
      workingDir: 'string',
    },
  },
  V1ContainerExtendedResourceRequest: {
    required: ['containerName', 'requestName', 'resourceName'],
    fields: {
      containerName: 'string',
      requestName: 'string',
      resourceName: 'string',
    },
  },
  V1ContainerImage: {
    required: [],
    fields: {
      names: '[string]',
      sizeBytes: 'integer',
    },
  },
  V1ContainerPort: {
    required: ['containerPort'],
    fields: {
      containerPort: 'integer',
      hostIP: 'string',
      hostPort: 'integer',
      name: 'string',
      protocol: 'string',
    },
  },
  V1ContainerResizePolicy: {
    required: ['resourceName', 'restartPolicy'],
    fields: {
      resourceName: 'string',
      restartPolicy: 'string',
    },
  },
  V1ContainerRestartRule: {
    required: ['action'],
    fields: {
      action: 'string',
      exitCodes: 'V1ContainerRestartRuleOnExitCodes',
    },
  },
  V1ContainerRestartRuleOnExitCodes: {
    required: ['operator'],
    fields: {
      operator: 'string',
      values: '[integer]',
    },
  },
  V1ContainerState: {
    required: [],
    fields: {
      running: 'V1ContainerStateRunning',
      terminated: 'V1ContainerStateTerminated',
      waiting: 'V1ContainerStateWaiting',
    },
  },
  V1ContainerStateRunning: {
    required: [],
    fields: {
      startedAt: 'time',
    },
  },
  V1ContainerStateTerminated: {
    required: ['exitCode'],
    fields: {
      containerID: 'string',
      exitCode: 'integer',
      finishedAt: 'time',
      message: 'string',
      reason: 'string',
      signal: 'integer',
      startedAt: 'time',
    },
  },
  V1ContainerStateWaiting: {
    required: [],
    fields: {
      message: 'string',
      reason: 'string',
    },
  },
  V1ContainerStatus: {
    required: ['image', 'imageID', 'name', 'ready', 'restartCount'],
    fields: {
      allocatedResources: '{string}',
      allocatedResourcesStatus: '[V1ResourceStatus]',
      containerID: 'string',
      image: 'string',
      imageID: 'string',
      lastState: 'V1ContainerState',
      name: 'string',
      ready: 'boolean',
      resources: 'V1ResourceRequirements',
      restartCount: 'integer',
      started: 'boolean',
      state: 'V1ContainerState',
      stopSignal: 'string',
      user: 'V1ContainerUser',
      volumeMounts: '[V1VolumeMountStatus]',
    },
  },
  V1ContainerUser: {
    required: [],
    fields: {
      linux: 'V1LinuxContainerUser',
    },
  },
  V1CustomResourceColumnDefinition: {
    required: ['jsonPath', 'name', 'type'],
    fields: {
      description: 'string',
      format: 'string',
      jsonPath: 'string',
      name: 'string',
      priority: 'integer',
      type: 'string',
    },
  },
  V1CustomResourceConversion: {
    required: ['strategy'],
    fields: {
      strategy: 'string',
      webhook: 'V1WebhookConversion',
    },
  },
  V1CustomResourceDefinition: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1CustomResourceDefinitionSpec',
      status: 'V1CustomResourceDefinitionStatus',
    },
  },
  V1CustomResourceDefinitionCondition: {
    required: ['status', 'type'],
    fields: {
      lastTransitionTime: 'time',
      message: 'string',
      observedGeneration: 'integer',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1CustomResourceDefinitionNames: {
    required: ['kind', 'plural'],
    fields: {
      categories: '[string]',
      kind: 'string',
      listKind: 'string',
      plural: 'string',
      shortNames: '[string]',
      singular: 'string',
    },
  },
  V1CustomResourceDefinitionSpec: {
    required: ['group', 'names', 'scope', 'versions'],
    fields: {
      conversion: 'V1CustomResourceConversion',
      group: 'string',
      names: 'V1CustomResourceDefinitionNames',
      preserveUnknownFields: 'boolean',
      scope: 'string',
      versions: '[V1CustomResourceDefinitionVersion]',
    },
  },
  V1CustomResourceDefinitionStatus: {
    required: [],
    fields: {
      acceptedNames: 'V1CustomResourceDefinitionNames',
      conditions: '[V1CustomResourceDefinitionCondition]',
      observedGeneration: 'integer',
      storedVersions: '[string]',
    },
  },
  V1CustomResourceDefinitionVersion: {
    required: ['name', 'served', 'storage'],
    fields: {
      additionalPrinterColumns: '[V1CustomResourceColumnDefinition]',
      deprecated: 'boolean',
      deprecationWarning: 'string',
      name: 'string',
      schema: 'V1CustomResourceValidation',
      selectableFields: '[V1SelectableField]',
      served: 'boolean',
      storage: 'boolean',
      subresources: 'V1CustomResourceSubresources',
    },
  },
  V1CustomResourceSubresourceScale: {
    required: ['specReplicasPath', 'statusReplicasPath'],
    fields: {
      labelSelectorPath: 'string',
      specReplicasPath: 'string',
      statusReplicasPath: 'string',
    },
  },
  V1CustomResourceSubresources: {
    required: [],
    fields: {
      scale: 'V1CustomResourceSubresourceScale',
      status: 'any',
    },
  },
  V1CustomResourceValidation: {
    required: [],
    fields: {
      openAPIV3Schema: 'any',
    },
  },
  V1DaemonEndpoint: {
    required: ['Port'],
    fields: {
      Port: 'integer',
    },
  },
  V1DaemonSet: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1DaemonSetSpec',
      status: 'V1DaemonSetStatus',
    },
  },
  V1DaemonSetCondition: {
    required: ['status', 'type'],
    fields: {
      lastTransitionTime: 'time',
      message: 'string',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1DaemonSetSpec: {
    required: ['selector', 'template'],
    fields: {
      minReadySeconds: 'integer',
      revisionHistoryLimit: 'integer',
      selector: 'V1LabelSelector',
      template: 'V1PodTemplateSpec',
      updateStrategy: 'V1DaemonSetUpdateStrategy',
    },
  },
  V1DaemonSetStatus: {
    required: ['currentNumberScheduled', 'desiredNumberScheduled', 'numberMisscheduled', 'numberReady'],
    fields: {
      collisionCount: 'integer',
      conditions: '[V1DaemonSetCondition]',
      currentNumberScheduled: 'integer',
      desiredNumberScheduled: 'integer',
      numberAvailable: 'integer',
      numberMisscheduled: 'integer',
      numberReady: 'integer',
      numberUnavailable: 'integer',
      observedGeneration: 'integer',
      updatedNumberScheduled: 'integer',
    },
  },
  V1DaemonSetUpdateStrategy: {
    required: [],
    fields: {
      rollingUpdate: 'V1RollingUpdateDaemonSet',
      type: 'string',
    },
  },
  V1Deployment: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1DeploymentSpec',
      status: 'V1DeploymentStatus',
    },
  },
  V1DeploymentCondition: {
    required: ['status', 'type'],
    fields: {
      lastTransitionTime: 'time',
      lastUpdateTime: 'time',
      message: 'string',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1DeploymentSpec: {
    required: ['selector', 'template'],
    fields: {
      minReadySeconds: 'integer',
      paused: 'boolean',
      progressDeadlineSeconds: 'integer',
      replicas: 'integer',
      revisionHistoryLimit: 'integer',
      selector: 'V1LabelSelector',
      strategy: 'V1DeploymentStrategy',
      template: 'V1PodTemplateSpec',
    },
  },
  V1DeploymentStatus: {
    required: [],
    fields: {
      availableReplicas: 'integer',
      collisionCount: 'integer',
      conditions: '[V1DeploymentCondition]',
      observedGeneration: 'integer',
      readyReplicas: 'integer',
      replicas: 'integer',
      terminatingReplicas: 'integer',
      unavailableReplicas: 'integer',
      updatedReplicas: 'integer',
    },
  },
  V1DeploymentStrategy: {
    required: [],
    fields: {
      rollingUpdate: 'V1RollingUpdateDeployment',
      type: 'string',
    },
  },
  V1DownwardAPIProjection: {
    required: [],
    fields: {
      items: '[V1DownwardAPIVolumeFile]',
    },
  },
  V1DownwardAPIVolumeFile: {
    required: ['path'],
    fields: {
      fieldRef: 'V1ObjectFieldSelector',
      mode: 'integer',
      path: 'string',
      resourceFieldRef: 'V1ResourceFieldSelector',
    },
  },
  V1DownwardAPIVolumeSource: {
    required: [],
    fields: {
      defaultMode: 'integer',
      items: '[V1DownwardAPIVolumeFile]',
    },
  },
  V1EmptyDirVolumeSource: {
    required: [],
    fields: {
      medium: 'string',
      sizeLimit: 'quantity',
    },
  },
  V1Endpoint: {
    required: ['addresses'],
    fields: {
      addresses: '[string]',
      conditions: 'V1EndpointConditions',
      deprecatedTopology: '{string}',
      hints: 'V1EndpointHints',
      hostname: 'string',
      nodeName: 'string',
      targetRef: 'V1ObjectReference',
      zone: 'string',
    },
  },
  V1EndpointAddress: {
    required: ['ip'],
    fields: {
      hostname: 'string',
      ip: 'string',
      nodeName: 'string',
      targetRef: 'V1ObjectReference',
    },
  },
  V1EndpointConditions: {
    required: [],
    fields: {
      ready: 'boolean',
      serving: 'boolean',
      terminating: 'boolean',
    },
  },
  V1EndpointHints: {
    required: [],
    fields: {
      forNodes: '[V1ForNode]',
      forZones: '[V1ForZone]',
    },
  },
  V1EndpointSlice: {
    required: ['addressType'],
    fields: {
      addressType: 'string',
      apiVersion: 'string',
      endpoints: '[V1Endpoint]',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      ports: '[DiscoveryV1EndpointPort]',
    },
  },
  V1EndpointSubset: {
    required: [],
    fields: {
      addresses: '[V1EndpointAddress]',
      notReadyAddresses: '[V1EndpointAddress]',
      ports: '[CoreV1EndpointPort]',
    },
  },
  V1Endpoints: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      subsets: '[V1EndpointSubset]',
    },
  },
  V1EnvFromSource: {
    required: [],
    fields: {
      configMapRef: 'V1ConfigMapEnvSource',
      prefix: 'string',
      secretRef: 'V1SecretEnvSource',
    },
  },
  V1EnvVar: {
    required: ['name'],
    fields: {
      name: 'string',
      value: 'string',
      valueFrom: 'V1EnvVarSource',
    },
  },
  V1EnvVarSource: {
    required: [],
    fields: {
      configMapKeyRef: 'V1ConfigMapKeySelector',
      fieldRef: 'V1ObjectFieldSelector',
      fileKeyRef: 'V1FileKeySelector',
      resourceFieldRef: 'V1ResourceFieldSelector',
      secretKeyRef: 'V1SecretKeySelector',
    },
  },
  V1EphemeralContainer: {
    required: ['name'],
    fields: {
      args: '[string]',
      command: '[string]',
      env: '[V1EnvVar]',
      envFrom: '[V1EnvFromSource]',
      image: 'string',
      imagePullPolicy: 'string',
      lifecycle: 'V1Lifecycle',
      livenessProbe: 'V1Probe',
      name: 'string',
      ports: '[V1ContainerPort]',
      readinessProbe: 'V1Probe',
      resizePolicy: '[V1ContainerResizePolicy]',
      resources: 'V1ResourceRequirements',
      restartPolicy: 'string',
      restartPolicyRules: '[V1ContainerRestartRule]',
      securityContext: 'V1SecurityContext',
      startupProbe: 'V1Probe',
      stdin: 'boolean',
      stdinOnce: 'boolean',
      targetContainerName: 'string',
      terminationMessagePath: 'string',
      terminationMessagePolicy: 'string',
      tty: 'boolean',
      volumeDevices: '[V1VolumeDevice]',
      volumeMounts: '[V1VolumeMount]',
      workingDir: 'string',
    },
  },
  V1EphemeralVolumeSource: {
    required: [],
    fields: {
      volumeClaimTemplate: 'V1PersistentVolumeClaimTemplate',
    },
  },
  V1EventSource: {
    required: [],
    fields: {
      component: 'string',
      host: 'string',
    },
  },
  V1ExecAction: {
    required: [],
    fields: {
      command: '[string]',
    },
  },
  V1ExpressionWarning: {
    required: ['fieldRef', 'warning'],
    fields: {
      fieldRef: 'string',
      warning: 'string',
    },
  },
  V1FCVolumeSource: {
    required: [],
    fields: {
      fsType: 'string',
      lun: 'integer',
      readOnly: 'boolean',
      targetWWNs: '[string]',
      wwids: '[string]',
    },
  },
  V1FieldSelectorAttributes: {
    required: [],
    fields: {
      rawSelector: 'string',
      requirements: '[V1FieldSelectorRequirement]',
    },
  },
  V1FieldSelectorRequirement: {
    required: ['key', 'operator'],
    fields: {
      key: 'string',
      operator: 'string',
      values: '[string]',
    },
  },
  V1FileKeySelector: {
    required: ['key', 'path', 'volumeName'],
    fields: {
      key: 'string',
      optional: 'boolean',
      path: 'string',
      volumeName: 'string',
    },
  },
  V1FlexVolumeSource: {
    required: ['driver'],
    fields: {
      driver: 'string',
      fsType: 'string',
      options: '{string}',
      readOnly: 'boolean',
      secretRef: 'V1LocalObjectReference',
    },
  },
  V1FlockerVolumeSource: {
    required: [],
    fields: {
      datasetName: 'string',
      datasetUUID: 'string',
    },
  },
  V1ForNode: {
    required: ['name'],
    fields: {
      name: 'string',
    },
  },
  V1ForZone: {
    required: ['name'],
    fields: {
      name: 'string',
    },
  },
  V1GCEPersistentDiskVolumeSource: {
    required: ['pdName'],
    fields: {
      fsType: 'string',
      partition: 'integer',
      pdName: 'string',
      readOnly: 'boolean',
    },
  },
  V1GRPCAction: {
    required: ['port'],
    fields: {
      port: 'integer',
      service: 'string',
    },
  },
  V1GitRepoVolumeSource: {
    required: ['repository'],
    fields: {
      directory: 'string',
      repository: 'string',
      revision: 'string',
    },
  },
  V1GlusterfsVolumeSource: {
    required: ['endpoints', 'path'],
    fields: {
      endpoints: 'string',
      path: 'string',
      readOnly: 'boolean',
    },
  },
  V1HTTPGetAction: {
    required: ['port'],
    fields: {
      host: 'string',
      httpHeaders: '[V1HTTPHeader]',
      path: 'string',
      port: 'int-or-string',
      scheme: 'string',
    },
  },
  V1HTTPHeader: {
    required: ['name', 'value'],
    fields: {
      name: 'string',
      value: 'string',
    },
  },
  V1HostAlias: {
    required: ['ip'],
    fields: {
      hostnames: '[string]',
      ip: 'string',
    },
  },
  V1HostIP: {
    required: ['ip'],
    fields: {
      ip: 'string',
    },
  },
  V1HostPathVolumeSource: {
    required: ['path'],
    fields: {
      path: 'string',
      type: 'string',
    },
  },
  V1ISCSIVolumeSource: {
    required: ['iqn', 'lun', 'targetPortal'],
    fields: {
      chapAuthDiscovery: 'boolean',
      chapAuthSession: 'boolean',
      fsType: 'string',
      initiatorName: 'string',
      iqn: 'string',
      iscsiInterface: 'string',
      lun: 'integer',
      portals: '[string]',
      readOnly: 'boolean',
      secretRef: 'V1LocalObjectReference',
      targetPortal: 'string',
    },
  },
  V1ImageVolumeSource: {
    required: [],
    fields: {
      pullPolicy: 'string',
      reference: 'string',
    },
  },
  V1ImageVolumeStatus: {
    required: ['imageRef'],
    fields: {
      imageRef: 'string',
    },
  },
  V1KeyToPath: {
    required: ['key', 'path'],
    fields: {
      key: 'string',
      mode: 'integer',
      path: 'string',
    },
  },
  V1LabelSelector: {
    required: [],
    fields: {
      matchExpressions: '[V1LabelSelectorRequirement]',
      matchLabels: '{string}',
    },
  },
  V1LabelSelectorAttributes: {
    required: [],
    fields: {
      rawSelector: 'string',
      requirements: '[V1LabelSelectorRequirement]',
    },
  },
  V1LabelSelectorRequirement: {
    required: ['key', 'operator'],
    fields: {
      key: 'string',
      operator: 'string',
      values: '[string]',
    },
  },
  V1Lease: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1LeaseSpec',
    },
  },
  V1LeaseSpec: {
    required: [],
    fields: {
      acquireTime: 'time',
      holderIdentity: 'string',
      leaseDurationSeconds: 'integer',
      leaseTransitions: 'integer',
      preferredHolder: 'string',
      renewTime: 'time',
      strategy: 'string',
    },
  },
  V1Lifecycle: {
    required: [],
    fields: {
      postStart: 'V1LifecycleHandler',
      preStop: 'V1LifecycleHandler',
      stopSignal: 'string',
    },
  },
  V1LifecycleHandler: {
    required: [],
    fields: {
      exec: 'V1ExecAction',
      httpGet: 'V1HTTPGetAction',
      sleep: 'V1SleepAction',
      tcpSocket: 'V1TCPSocketAction',
    },
  },
  V1LinuxContainerUser: {
    required: ['gid', 'uid'],
    fields: {
      gid: 'integer',
      supplementalGroups: '[integer]',
      uid: 'integer',
    },
  },
  V1LoadBalancerIngress: {
    required: [],
    fields: {
      hostname: 'string',
      ip: 'string',
      ipMode: 'string',
      ports: '[V1PortStatus]',
    },
  },
  V1LoadBalancerStatus: {
    required: [],
    fields: {
      ingress: '[V1LoadBalancerIngress]',
    },
  },
  V1LocalObjectReference: {
    required: [],
    fields: {
      name: 'string',
    },
  },
  V1LocalSubjectAccessReview: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1SubjectAccessReviewSpec',
      status: 'V1SubjectAccessReviewStatus',
    },
  },
  V1ManagedFieldsEntry: {
    required: [],
    fields: {
      apiVersion: 'string',
      fieldsType: 'string',
      fieldsV1: 'any',
      manager: 'string',
      operation: 'string',
      subresource: 'string',
      time: 'time',
    },
  },
  V1MatchCondition: {
    required: ['expression', 'name'],
    fields: {
      expression: 'string',
      name: 'string',
    },
  },
  V1MatchResources: {
    required: [],
    fields: {
      excludeResourceRules: '[V1NamedRuleWithOperations]',
      matchPolicy: 'string',
      namespaceSelector: 'V1LabelSelector',
      objectSelector: 'V1LabelSelector',
      resourceRules: '[V1NamedRuleWithOperations]',
    },
  },
  V1NFSVolumeSource: {
    required: ['path', 'server'],
    fields: {
      path: 'string',
      readOnly: 'boolean',
      server: 'string',
    },
  },
  V1NamedRuleWithOperations: {
    required: [],
    fields: {
      apiGroups: '[string]',
      apiVersions: '[string]',
      operations: '[string]',
      resourceNames: '[string]',
      resources: '[string]',
      scope: 'string',
    },
  },
  V1Namespace: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1NamespaceSpec',
      status: 'V1NamespaceStatus',
    },
  },
  V1NamespaceCondition: {
    required: ['status', 'type'],
    fields: {
      lastTransitionTime: 'time',
      message: 'string',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1NamespaceSpec: {
    required: [],
    fields: {
      finalizers: '[string]',
    },
  },
  V1NamespaceStatus: {
    required: [],
    fields: {
      conditions: '[V1NamespaceCondition]',
      phase: 'string',
    },
  },
  V1Node: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1NodeSpec',
      status: 'V1NodeStatus',
    },
  },
  V1NodeAddress: {
    required: ['address', 'type'],
    fields: {
      address: 'string',
      type: 'string',
    },
  },
  V1NodeAffinity: {
    required: [],
    fields: {
      preferredDuringSchedulingIgnoredDuringExecution: '[V1PreferredSchedulingTerm]',
      requiredDuringSchedulingIgnoredDuringExecution: 'V1NodeSelector',
    },
  },
  V1NodeAllocatableResourceClaimStatus: {
    required: ['resourceClaimName', 'resources'],
    fields: {
      containers: '[string]',
      resourceClaimName: 'string',
      resources: '{string}',
    },
  },
  V1NodeCondition: {
    required: ['status', 'type'],
    fields: {
      lastHeartbeatTime: 'time',
      lastTransitionTime: 'time',
      message: 'string',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1NodeConfigSource: {
    required: [],
    fields: {
      configMap: 'V1ConfigMapNodeConfigSource',
    },
  },
  V1NodeConfigStatus: {
    required: [],
    fields: {
      active: 'V1NodeConfigSource',
      assigned: 'V1NodeConfigSource',
      error: 'string',
      lastKnownGood: 'V1NodeConfigSource',
    },
  },
  V1NodeDaemonEndpoints: {
    required: [],
    fields: {
      kubeletEndpoint: 'V1DaemonEndpoint',
    },
  },
  V1NodeFeatures: {
    required: [],
    fields: {
      supplementalGroupsPolicy: 'boolean',
    },
  },
  V1NodeRuntimeHandler: {
    required: [],
    fields: {
      features: 'V1NodeRuntimeHandlerFeatures',
      name: 'string',
    },
  },
  V1NodeRuntimeHandlerFeatures: {
    required: [],
    fields: {
      recursiveReadOnlyMounts: 'boolean',
      userNamespaces: 'boolean',
    },
  },
  V1NodeSelector: {
    required: ['nodeSelectorTerms'],
    fields: {
      nodeSelectorTerms: '[V1NodeSelectorTerm]',
    },
  },
  V1NodeSelectorRequirement: {
    required: ['key', 'operator'],
    fields: {
      key: 'string',
      operator: 'string',
      values: '[string]',
    },
  },
  V1NodeSelectorTerm: {
    required: [],
    fields: {
      matchExpressions: '[V1NodeSelectorRequirement]',
      matchFields: '[V1NodeSelectorRequirement]',
    },
  },
  V1NodeSpec: {
    required: [],
    fields: {
      configSource: 'V1NodeConfigSource',
      externalID: 'string',
      podCIDR: 'string',
      podCIDRs: '[string]',
      providerID: 'string',
      taints: '[V1Taint]',
      unschedulable: 'boolean',
    },
  },
  V1NodeStatus: {
    required: [],
    fields: {
      addresses: '[V1NodeAddress]',
      allocatable: '{quantity}',
      capacity: '{quantity}',
      conditions: '[V1NodeCondition]',
      config: 'V1NodeConfigStatus',
      daemonEndpoints: 'V1NodeDaemonEndpoints',
      declaredFeatures: '[string]',
      features: 'V1NodeFeatures',
      images: '[V1ContainerImage]',
      nodeInfo: 'V1NodeSystemInfo',
      phase: 'string',
      runtimeHandlers: '[V1NodeRuntimeHandler]',
      volumesAttached: '[V1AttachedVolume]',
      volumesInUse: '[string]',
    },
  },
  V1NodeSwapStatus: {
    required: [],
    fields: {
      capacity: 'integer',
    },
  },
  V1NodeSystemInfo: {
    required: ['architecture', 'bootID', 'containerRuntimeVersion', 'kernelVersion', 'kubeProxyVersion', 'kubeletVersion', 'machineID', 'operatingSystem', 'osImage', 'systemUUID'],
    fields: {
      architecture: 'string',
      bootID: 'string',
      containerRuntimeVersion: 'string',
      kernelVersion: 'string',
      kubeProxyVersion: 'string',
      kubeletVersion: 'string',
      machineID: 'string',
      operatingSystem: 'string',
      osImage: 'string',
      swap: 'V1NodeSwapStatus',
      systemUUID: 'string',
    },
  },
  V1NonResourceAttributes: {
    required: [],
    fields: {
      path: 'string',
      verb: 'string',
    },
  },
  V1NonResourceRule: {
    required: ['verbs'],
    fields: {
      nonResourceURLs: '[string]',
      verbs: '[string]',
    },
  },
  V1ObjectFieldSelector: {
    required: ['fieldPath'],
    fields: {
      apiVersion: 'string',
      fieldPath: 'string',
    },
  },
  V1ObjectMeta: {
    required: [],
    fields: {
      annotations: '{string}',
      creationTimestamp: 'time',
      deletionGracePeriodSeconds: 'integer',
      deletionTimestamp: 'time',
      finalizers: '[string]',
      generateName: 'string',
      generation: 'integer',
      labels: '{string}',
      managedFields: '[V1ManagedFieldsEntry]',
      name: 'string',
      namespace: 'string',
      ownerReferences: '[V1OwnerReference]',
      resourceVersion: 'string',
      selfLink: 'string',
      uid: 'string',
    },
  },
  V1ObjectReference: {
    required: [],
    fields: {
      apiVersion: 'string',
      fieldPath: 'string',
      kind: 'string',
      name: 'string',
      namespace: 'string',
      resourceVersion: 'string',
      uid: 'string',
    },
  },
  V1OwnerReference: {
    required: ['apiVersion', 'kind', 'name', 'uid'],
    fields: {
      apiVersion: 'string',
      blockOwnerDeletion: 'boolean',
      controller: 'boolean',
      kind: 'string',
      name: 'string',
      uid: 'string',
    },
  },
  V1ParamKind: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
    },
  },
  V1ParamRef: {
    required: [],
    fields: {
      name: 'string',
      namespace: 'string',
      parameterNotFoundAction: 'string',
      selector: 'V1LabelSelector',
    },
  },
  V1PersistentVolumeClaimSpec: {
    required: [],
    fields: {
      accessModes: '[string]',
      dataSource: 'V1TypedLocalObjectReference',
      dataSourceRef: 'V1TypedObjectReference',
      resources: 'V1VolumeResourceRequirements',
      selector: 'V1LabelSelector',
      storageClassName: 'string',
      volumeAttributesClassName: 'string',
      volumeMode: 'string',
      volumeName: 'string',
    },
  },
  V1PersistentVolumeClaimTemplate: {
    required: ['spec'],
    fields: {
      metadata: 'V1ObjectMeta',
      spec: 'V1PersistentVolumeClaimSpec',
    },
  },
  V1PersistentVolumeClaimVolumeSource: {
    required: ['claimName'],
    fields: {
      claimName: 'string',
      readOnly: 'boolean',
    },
  },
  V1PhotonPersistentDiskVolumeSource: {
    required: ['pdID'],
    fields: {
      fsType: 'string',
      pdID: 'string',
    },
  },
  V1Pod: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1PodSpec',
      status: 'V1PodStatus',
    },
  },
  V1PodAffinity: {
    required: [],
    fields: {
      preferredDuringSchedulingIgnoredDuringExecution: '[V1WeightedPodAffinityTerm]',
      requiredDuringSchedulingIgnoredDuringExecution: '[V1PodAffinityTerm]',
    },
  },
  V1PodAffinityTerm: {
    required: ['topologyKey'],
    fields: {
      labelSelector: 'V1LabelSelector',
      matchLabelKeys: '[string]',
      mismatchLabelKeys: '[string]',
      namespaceSelector: 'V1LabelSelector',
      namespaces: '[string]',
      topologyKey: 'string',
    },
  },
  V1PodAntiAffinity: {
    required: [],
    fields: {
      preferredDuringSchedulingIgnoredDuringExecution: '[V1WeightedPodAffinityTerm]',
      requiredDuringSchedulingIgnoredDuringExecution: '[V1PodAffinityTerm]',
    },
  },
  V1PodCertificateProjection: {
    required: ['keyType', 'signerName'],
    fields: {
      certificateChainPath: 'string',
      credentialBundlePath: 'string',
      keyPath: 'string',
      keyType: 'string',
      maxExpirationSeconds: 'integer',
      signerName: 'string',
      userAnnotations: '{string}',
    },
  },
  V1PodCondition: {
    required: ['status', 'type'],
    fields: {
      lastProbeTime: 'time',
      lastTransitionTime: 'time',
      message: 'string',
      observedGeneration: 'integer',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1PodDNSConfig: {
    required: [],
    fields: {
      nameservers: '[string]',
      options: '[V1PodDNSConfigOption]',
      searches: '[string]',
    },
  },
  V1PodDNSConfigOption: {
    required: [],
    fields: {
      name: 'string',
      value: 'string',
    },
  },
  V1PodExtendedResourceClaimStatus: {
    required: ['requestMappings', 'resourceClaimName'],
    fields: {
      requestMappings: '[V1ContainerExtendedResourceRequest]',
      resourceClaimName: 'string',
    },
  },
  V1PodIP: {
    required: ['ip'],
    fields: {
      ip: 'string',
    },
  },
  V1PodOS: {
    required: ['name'],
    fields: {
      name: 'string',
    },
  },
  V1PodReadinessGate: {
    required: ['conditionType'],
    fields: {
      conditionType: 'string',
    },
  },
  V1PodResourceClaim: {
    required: ['name'],
    fields: {
      name: 'string',
      resourceClaimName: 'string',
      resourceClaimTemplateName: 'string',
    },
  },
  V1PodResourceClaimStatus: {
    required: ['name'],
    fields: {
      name: 'string',
      resourceClaimName: 'string',
    },
  },
  V1PodSchedulingGate: {
    required: ['name'],
    fields: {
      name: 'string',
    },
  },
  V1PodSchedulingGroup: {
    required: [],
    fields: {
      podGroupName: 'string',
    },
  },
  V1PodSecurityContext: {
    required: [],
    fields: {
      appArmorProfile: 'V1AppArmorProfile',
      fsGroup: 'integer',
      fsGroupChangePolicy: 'string',
      runAsGroup: 'integer',
      runAsNonRoot: 'boolean',
      runAsUser: 'integer',
      seLinuxChangePolicy: 'string',
      seLinuxOptions: 'V1SELinuxOptions',
      seccompProfile: 'V1SeccompProfile',
      supplementalGroups: '[integer]',
      supplementalGroupsPolicy: 'string',
      sysctls: '[V1Sysctl]',
      windowsOptions: 'V1WindowsSecurityContextOptions',
    },
  },
  V1PodSpec: {
    required: ['containers'],
    fields: {
      activeDeadlineSeconds: 'integer',
      affinity: 'V1Affinity',
      automountServiceAccountToken: 'boolean',
      containers: '[V1Container]',
      dnsConfig: 'V1PodDNSConfig',
      dnsPolicy: 'string',
      enableServiceLinks: 'boolean',
      ephemeralContainers: '[V1EphemeralContainer]',
      hostAliases: '[V1HostAlias]',
      hostIPC: 'boolean',
      hostNetwork: 'boolean',
      hostPID: 'boolean',
      hostUsers: 'boolean',
      hostname: 'string',
      hostnameOverride: 'string',
      imagePullSecrets: '[V1LocalObjectReference]',
      initContainers: '[V1Container]',
      nodeName: 'string',
      nodeSelector: '{string}',
      os: 'V1PodOS',
      overhead: '{quantity}',
      preemptionPolicy: 'string',
      priority: 'integer',
      priorityClassName: 'string',
      readinessGates: '[V1PodReadinessGate]',
      resourceClaims: '[V1PodResourceClaim]',
      resources: 'V1ResourceRequirements',
      restartPolicy: 'string',
      runtimeClassName: 'string',
      schedulerName: 'string',
      schedulingGates: '[V1PodSchedulingGate]',
      schedulingGroup: 'V1PodSchedulingGroup',
      securityContext: 'V1PodSecurityContext',
      serviceAccount: 'string',
      serviceAccountName: 'string',
      setHostnameAsFQDN: 'boolean',
      shareProcessNamespace: 'boolean',
      subdomain: 'string',
      terminationGracePeriodSeconds: 'integer',
      tolerations: '[V1Toleration]',
      topologySpreadConstraints: '[V1TopologySpreadConstraint]',
      volumes: '[V1Volume]',
    },
  },
  V1PodStatus: {
    required: [],
    fields: {
      allocatedResources: '{string}',
      conditions: '[V1PodCondition]',
      containerStatuses: '[V1ContainerStatus]',
      ephemeralContainerStatuses: '[V1ContainerStatus]',
      extendedResourceClaimStatus: 'V1PodExtendedResourceClaimStatus',
      hostIP: 'string',
      hostIPs: '[V1HostIP]',
      initContainerStatuses: '[V1ContainerStatus]',
      message: 'string',
      nodeAllocatableResourceClaimStatuses: '[V1NodeAllocatableResourceClaimStatus]',
      nominatedNodeName: 'string',
      observedGeneration: 'integer',
      phase: 'string',
      podIP: 'string',
      podIPs: '[V1PodIP]',
      qosClass: 'string',
      reason: 'string',
      resize: 'string',
      resourceClaimStatuses: '[V1PodResourceClaimStatus]',
      resources: 'V1ResourceRequirements',
      startTime: 'time',
    },
  },
  V1PodTemplateSpec: {
    required: [],
    fields: {
      metadata: 'V1ObjectMeta',
      spec: 'V1PodSpec',
    },
  },
  V1PolicyRule: {
    required: ['verbs'],
    fields: {
      apiGroups: '[string]',
      nonResourceURLs: '[string]',
      resourceNames: '[string]',
      resources: '[string]',
      verbs: '[string]',
    },
  },
  V1PortStatus: {
    required: ['port', 'protocol'],
    fields: {
      error: 'string',
      port: 'integer',
      protocol: 'string',
    },
  },
  V1PortworxVolumeSource: {
    required: ['volumeID'],
    fields: {
      fsType: 'string',
      readOnly: 'boolean',
      volumeID: 'string',
    },
  },
  V1PreferredSchedulingTerm: {
    required: ['preference', 'weight'],
    fields: {
      preference: 'V1NodeSelectorTerm',
      weight: 'integer',
    },
  },
  V1Probe: {
    required: [],
    fields: {
      exec: 'V1ExecAction',
      failureThreshold: 'integer',
      grpc: 'V1GRPCAction',
      httpGet: 'V1HTTPGetAction',
      initialDelaySeconds: 'integer',
      periodSeconds: 'integer',
      successThreshold: 'integer',
      tcpSocket: 'V1TCPSocketAction',
      terminationGracePeriodSeconds: 'integer',
      timeoutSeconds: 'integer',
    },
  },
  V1ProjectedVolumeSource: {
    required: [],
    fields: {
      defaultMode: 'integer',
      sources: '[V1VolumeProjection]',
    },
  },
  V1QuobyteVolumeSource: {
    required: ['registry', 'volume'],
    fields: {
      group: 'string',
      readOnly: 'boolean',
      registry: 'string',
      tenant: 'string',
      user: 'string',
      volume: 'string',
    },
  },
  V1RBDVolumeSource: {
    required: ['image', 'monitors'],
    fields: {
      fsType: 'string',
      image: 'string',
      keyring: 'string',
      monitors: '[string]',
      pool: 'string',
      readOnly: 'boolean',
      secretRef: 'V1LocalObjectReference',
      user: 'string',
    },
  },
  V1ReplicaSet: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1ReplicaSetSpec',
      status: 'V1ReplicaSetStatus',
    },
  },
  V1ReplicaSetCondition: {
    required: ['status', 'type'],
    fields: {
      lastTransitionTime: 'time',
      message: 'string',
      reason: 'string',
      status: 'string',
      type: 'string',
    },
  },
  V1ReplicaSetSpec: {
    required: ['selector'],
    fields: {
      minReadySeconds: 'integer',
      replicas: 'integer',
      selector: 'V1LabelSelector',
      template: 'V1PodTemplateSpec',
    },
  },
  V1ReplicaSetStatus: {
    required: ['replicas'],
    fields: {
      availableReplicas: 'integer',
      conditions: '[V1ReplicaSetCondition]',
      fullyLabeledReplicas: 'integer',
      observedGeneration: 'integer',
      readyReplicas: 'integer',
      replicas: 'integer',
      terminatingReplicas: 'integer',
    },
  },
  V1ResourceAttributes: {
    required: [],
    fields: {
      fieldSelector: 'V1FieldSelectorAttributes',
      group: 'string',
      labelSelector: 'V1LabelSelectorAttributes',
      name: 'string',
      namespace: 'string',
      resource: 'string',
      subresource: 'string',
      verb: 'string',
      version: 'string',
    },
  },
  V1ResourceFieldSelector: {
    required: ['resource'],
    fields: {
      containerName: 'string',
      divisor: 'quantity',
      resource: 'string',
    },
  },
  V1ResourceHealth: {
    required: ['resourceID'],
    fields: {
      health: 'string',
      message: 'string',
      resourceID: 'string',
    },
  },
  V1ResourceRequirements: {
    required: [],
    fields: {
      claims: '[CoreV1ResourceClaim]',
      limits: '{quantity}',
      requests: '{quantity}',
    },
  },
  V1ResourceRule: {
    required: ['verbs'],
    fields: {
      apiGroups: '[string]',
      resourceNames: '[string]',
      resources: '[string]',
      verbs: '[string]',
    },
  },
  V1ResourceStatus: {
    required: ['name'],
    fields: {
      name: 'string',
      resources: '[V1ResourceHealth]',
    },
  },
  V1Role: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      rules: '[V1PolicyRule]',
    },
  },
  V1RoleBinding: {
    required: ['roleRef'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      roleRef: 'V1RoleRef',
      subjects: '[RbacV1Subject]',
    },
  },
  V1RoleRef: {
    required: ['kind', 'name'],
    fields: {
      apiGroup: 'string',
      kind: 'string',
      name: 'string',
    },
  },
  V1RollingUpdateDaemonSet: {
    required: [],
    fields: {
      maxSurge: 'int-or-string',
      maxUnavailable: 'int-or-string',
    },
  },
  V1RollingUpdateDeployment: {
    required: [],
    fields: {
      maxSurge: 'int-or-string',
      maxUnavailable: 'int-or-string',
    },
  },
  V1SELinuxOptions: {
    required: [],
    fields: {
      level: 'string',
      role: 'string',
      type: 'string',
      user: 'string',
    },
  },
  V1Scale: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1ScaleSpec',
      status: 'V1ScaleStatus',
    },
  },
  V1ScaleIOVolumeSource: {
    required: ['gateway', 'secretRef', 'system'],
    fields: {
      fsType: 'string',
      gateway: 'string',
      protectionDomain: 'string',
      readOnly: 'boolean',
      secretRef: 'V1LocalObjectReference',
      sslEnabled: 'boolean',
      storageMode: 'string',
      storagePool: 'string',
      system: 'string',
      volumeName: 'string',
    },
  },
  V1ScaleSpec: {
    required: [],
    fields: {
      replicas: 'integer',
    },
  },
  V1ScaleStatus: {
    required: ['replicas'],
    fields: {
      replicas: 'integer',
      selector: 'string',
    },
  },
  V1SeccompProfile: {
    required: ['type'],
    fields: {
      localhostProfile: 'string',
      type: 'string',
    },
  },
  V1Secret: {
    required: [],
    fields: {
      apiVersion: 'string',
      data: '{bytes}',
      immutable: 'boolean',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      stringData: '{string}',
      type: 'string',
    },
  },
  V1SecretEnvSource: {
    required: [],
    fields: {
      name: 'string',
      optional: 'boolean',
    },
  },
  V1SecretKeySelector: {
    required: ['key'],
    fields: {
      key: 'string',
      name: 'string',
      optional: 'boolean',
    },
  },
  V1SecretProjection: {
    required: [],
    fields: {
      items: '[V1KeyToPath]',
      name: 'string',
      optional: 'boolean',
    },
  },
  V1SecretVolumeSource: {
    required: [],
    fields: {
      defaultMode: 'integer',
      items: '[V1KeyToPath]',
      optional: 'boolean',
      secretName: 'string',
    },
  },
  V1SecurityContext: {
    required: [],
    fields: {
      allowPrivilegeEscalation: 'boolean',
      appArmorProfile: 'V1AppArmorProfile',
      capabilities: 'V1Capabilities',
      privileged: 'boolean',
      procMount: 'string',
      readOnlyRootFilesystem: 'boolean',
      runAsGroup: 'integer',
      runAsNonRoot: 'boolean',
      runAsUser: 'integer',
      seLinuxOptions: 'V1SELinuxOptions',
      seccompProfile: 'V1SeccompProfile',
      windowsOptions: 'V1WindowsSecurityContextOptions',
    },
  },
  V1SelectableField: {
    required: ['jsonPath'],
    fields: {
      jsonPath: 'string',
    },
  },
  V1SelfSubjectAccessReview: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1SelfSubjectAccessReviewSpec',
      status: 'V1SubjectAccessReviewStatus',
    },
  },
  V1SelfSubjectAccessReviewSpec: {
    required: [],
    fields: {
      nonResourceAttributes: 'V1NonResourceAttributes',
      resourceAttributes: 'V1ResourceAttributes',
    },
  },
  V1SelfSubjectReview: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      status: 'V1SelfSubjectReviewStatus',
    },
  },
  V1SelfSubjectReviewStatus: {
    required: [],
    fields: {
      userInfo: 'V1UserInfo',
    },
  },
  V1SelfSubjectRulesReview: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1SelfSubjectRulesReviewSpec',
      status: 'V1SubjectRulesReviewStatus',
    },
  },
  V1SelfSubjectRulesReviewSpec: {
    required: [],
    fields: {
      namespace: 'string',
    },
  },
  V1Service: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1ServiceSpec',
      status: 'V1ServiceStatus',
    },
  },
  V1ServiceAccount: {
    required: [],
    fields: {
      apiVersion: 'string',
      automountServiceAccountToken: 'boolean',
      imagePullSecrets: '[V1LocalObjectReference]',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      secrets: '[V1ObjectReference]',
    },
  },
  V1ServiceAccountTokenProjection: {
    required: ['path'],
    fields: {
      audience: 'string',
      expirationSeconds: 'integer',
      path: 'string',
    },
  },
  V1ServicePort: {
    required: ['port'],
    fields: {
      appProtocol: 'string',
      name: 'string',
      nodePort: 'integer',
      port: 'integer',
      protocol: 'string',
      targetPort: 'int-or-string',
    },
  },
  V1ServiceSpec: {
    required: [],
    fields: {
      allocateLoadBalancerNodePorts: 'boolean',
      clusterIP: 'string',
      clusterIPs: '[string]',
      externalIPs: '[string]',
      externalName: 'string',
      externalTrafficPolicy: 'string',
      healthCheckNodePort: 'integer',
      internalTrafficPolicy: 'string',
      ipFamilies: '[string]',
      ipFamilyPolicy: 'string',
      loadBalancerClass: 'string',
      loadBalancerIP: 'string',
      loadBalancerSourceRanges: '[string]',
      ports: '[V1ServicePort]',
      publishNotReadyAddresses: 'boolean',
      selector: '{string}',
      sessionAffinity: 'string',
      sessionAffinityConfig: 'V1SessionAffinityConfig',
      trafficDistribution: 'string',
      type: 'string',
    },
  },
  V1ServiceStatus: {
    required: [],
    fields: {
      conditions: '[V1Condition]',
      loadBalancer: 'V1LoadBalancerStatus',
    },
  },
  V1SessionAffinityConfig: {
    required: [],
    fields: {
      clientIP: 'V1ClientIPConfig',
    },
  },
  V1SleepAction: {
    required: ['seconds'],
    fields: {
      seconds: 'integer',
    },
  },
  V1StorageOSVolumeSource: {
    required: [],
    fields: {
      fsType: 'string',
      readOnly: 'boolean',
      secretRef: 'V1LocalObjectReference',
      volumeName: 'string',
      volumeNamespace: 'string',
    },
  },
  V1SubjectAccessReview: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1SubjectAccessReviewSpec',
      status: 'V1SubjectAccessReviewStatus',
    },
  },
  V1SubjectAccessReviewSpec: {
    required: [],
    fields: {
      extra: '{[string]}',
      groups: '[string]',
      nonResourceAttributes: 'V1NonResourceAttributes',
      resourceAttributes: 'V1ResourceAttributes',
      uid: 'string',
      user: 'string',
    },
  },
  V1SubjectAccessReviewStatus: {
    required: ['allowed'],
    fields: {
      allowed: 'boolean',
      denied: 'boolean',
      evaluationError: 'string',
      reason: 'string',
    },
  },
  V1SubjectRulesReviewStatus: {
    required: ['incomplete', 'nonResourceRules', 'resourceRules'],
    fields: {
      evaluationError: 'string',
      incomplete: 'boolean',
      nonResourceRules: '[V1NonResourceRule]',
      resourceRules: '[V1ResourceRule]',
    },
  },
  V1Sysctl: {
    required: ['name', 'value'],
    fields: {
      name: 'string',
      value: 'string',
    },
  },
  V1TCPSocketAction: {
    required: ['port'],
    fields: {
      host: 'string',
      port: 'int-or-string',
    },
  },
  V1Taint: {
    required: ['effect', 'key'],
    fields: {
      effect: 'string',
      key: 'string',
      timeAdded: 'time',
      value: 'string',
    },
  },
  V1TokenRequestSpec: {
    required: [],
    fields: {
      audiences: '[string]',
      boundObjectRef: 'V1BoundObjectReference',
      expirationSeconds: 'integer',
    },
  },
  V1TokenRequestStatus: {
    required: [],
    fields: {
      expirationTimestamp: 'time',
      token: 'string',
    },
  },
  V1TokenReview: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1TokenReviewSpec',
      status: 'V1TokenReviewStatus',
    },
  },
  V1TokenReviewSpec: {
    required: ['token'],
    fields: {
      audiences: '[string]',
      token: 'string',
    },
  },
  V1TokenReviewStatus: {
    required: [],
    fields: {
      audiences: '[string]',
      authenticated: 'boolean',
      error: 'string',
      user: 'V1UserInfo',
    },
  },
  V1Toleration: {
    required: [],
    fields: {
      effect: 'string',
      key: 'string',
      operator: 'string',
      tolerationSeconds: 'integer',
      value: 'string',
    },
  },
  V1TopologySpreadConstraint: {
    required: ['maxSkew', 'topologyKey', 'whenUnsatisfiable'],
    fields: {
      labelSelector: 'V1LabelSelector',
      matchLabelKeys: '[string]',
      maxSkew: 'integer',
      minDomains: 'integer',
      nodeAffinityPolicy: 'string',
      nodeTaintsPolicy: 'string',
      topologyKey: 'string',
      whenUnsatisfiable: 'string',
    },
  },
  V1TypeChecking: {
    required: [],
    fields: {
      expressionWarnings: '[V1ExpressionWarning]',
    },
  },
  V1TypedLocalObjectReference: {
    required: ['kind', 'name'],
    fields: {
      apiGroup: 'string',
      kind: 'string',
      name: 'string',
    },
  },
  V1TypedObjectReference: {
    required: ['kind', 'name'],
    fields: {
      apiGroup: 'string',
      kind: 'string',
      name: 'string',
      namespace: 'string',
    },
  },
  V1UserInfo: {
    required: [],
    fields: {
      extra: '{[string]}',
      groups: '[string]',
      uid: 'string',
      username: 'string',
    },
  },
  V1ValidatingAdmissionPolicy: {
    required: [],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1ValidatingAdmissionPolicySpec',
      status: 'V1ValidatingAdmissionPolicyStatus',
    },
  },
  V1ValidatingAdmissionPolicyBinding: {
    required: ['spec'],
    fields: {
      apiVersion: 'string',
      kind: 'string',
      metadata: 'V1ObjectMeta',
      spec: 'V1ValidatingAdmissionPolicyBindingSpec',
    },
  },
  V1ValidatingAdmissionPolicyBindingSpec: {
    required: ['policyName', 'validationActions'],
    fields: {
      matchResources: 'V1MatchResources',
      paramRef: 'V1ParamRef',
      policyName: 'string',
      validationActions: '[string]',
    },
  },
  V1ValidatingAdmissionPolicySpec: {
    required: [],
    fields: {
      auditAnnotations: '[V1AuditAnnotation]',
      failurePolicy: 'string',
      matchConditions: '[V1MatchCondition]',
      matchConstraints: 'V1MatchResources',
      paramKind: 'V1ParamKind',
      validations: '[V1Validation]',
      variables: '[V1Variable]',
    },
  },
  V1ValidatingAdmissionPolicyStatus: {
    required: [],
    fields: {
      conditions: '[V1Condition]',
      observedGeneration: 'integer',
      typeChecking: 'V1TypeChecking',
    },
  },
  V1Validation: {
    required: ['expression'],
    fields: {
      expression: 'string',
      message: 'string',
      messageExpression: 'string',
      reason: 'string',
    },
  },
  V1Variable: {
    required: ['expression', 'name'],
    fields: {
      expression: 'string',
      name: 'string',
    },
  },
  V1Volume: {
    required: ['name'],
    fields: {
      awsElasticBlockStore: 'V1AWSElasticBlockStoreVolumeSource',
      azureDisk: 'V1AzureDiskVolumeSource',
      azureFile: 'V1AzureFileVolumeSource',
      cephfs: 'V1CephFSVolumeSource',
      cinder: 'V1CinderVolumeSource',
      configMap: 'V1ConfigMapVolumeSource',
      csi: 'V1CSIVolumeSource',
      downwardAPI: 'V1DownwardAPIVolumeSource',
      emptyDir: 'V1EmptyDirVolumeSource',
      ephemeral: 'V1EphemeralVolumeSource',
      fc: 'V1FCVolumeSource',
      flexVolume: 'V1FlexVolumeSource',
      flocker: 'V1FlockerVolumeSource',
      gcePersistentDisk: 'V1GCEPersistentDiskVolumeSource',
      gitRepo: 'V1GitRepoVolumeSource',
      glusterfs: 'V1GlusterfsVolumeSource',
      hostPath: 'V1HostPathVolumeSource',
      image: 'V1ImageVolumeSource',
      iscsi: 'V1ISCSIVolumeSource',
      name: 'string',
      nfs: 'V1NFSVolumeSource',
      persistentVolumeClaim: 'V1PersistentVolumeClaimVolumeSource',
      photonPersistentDisk: 'V1PhotonPersistentDiskVolumeSource',
      portworxVolume: 'V1PortworxVolumeSource',
      projected: 'V1ProjectedVolumeSource',
      quobyte: 'V1QuobyteVolumeSource',
      rbd: 'V1RBDVolumeSource',
      scaleIO: 'V1ScaleIOVolumeSource',
      secret: 'V1SecretVolumeSource',
      storageos: 'V1StorageOSVolumeSource',
      vsphereVolume: 'V1VsphereVirtualDiskVolumeSource',
    },
  },
  V1VolumeDevice: {
    required: ['devicePath', 'name'],
    fields: {
      devicePath: 'string',
      name: 'string',
    },
  },
  V1VolumeMount: {
    required: ['mountPath', 'name'],
    fields: {
      mountPath: 'string',
      mountPropagation: 'string',
      name: 'string',
      readOnly: 'boolean',
      recursiveReadOnly: 'string',
      subPath: 'string',
      subPathExpr: 'string',
    },
  },
  V1VolumeMountStatus: {
    required: ['mountPath', 'name'],
    fields: {
      mountPath: 'string',
      name: 'string',
      readOnly: 'boolean',
      recursiveReadOnly: 'string',
      volumeStatus: 'V1VolumeStatus',
    },
  },
  V1VolumeProjection: {
    required: [],
    fields: {
      clusterTrustBundle: 'V1ClusterTrustBundleProjection',
      configMap: 'V1ConfigMapProjection',
      downwardAPI: 'V1DownwardAPIProjection',
      podCertificate: 'V1PodCertificateProjection',
      secret: 'V1SecretProjection',
      serviceAccountToken: 'V1ServiceAccountTokenProjection',
    },
  },
  V1VolumeResourceRequirements: {
    required: [],
    fields: {
      limits: '{quantity}',
      requests: '{quantity}',
    },
  },
  V1VolumeStatus: {
    required: [],
    fields: {
      image: 'V1ImageVolumeStatus',
    },
  },
  V1VsphereVirtualDiskVolumeSource: {
    required: ['volumePath'],
    fields: {
      fsType: 'string',
      storagePolicyID: 'string',
      storagePolicyName: 'string',
      volumePath: 'string',
    },
  },
  V1WebhookConversion: {
    required: ['conversionReviewVersions'],
    fields: {
      clientConfig: 'ApiextensionsV1WebhookClientConfig',
      conversionReviewVersions: '[string]',
    },
  },
  V1WeightedPodAffinityTerm: {
    required: ['podAffinityTerm', 'weight'],
    fields: {
      podAffinityTerm: 'V1PodAffinityTerm',
      weight: 'integer',
    },
  },
  V1WindowsSecurityContextOptions: {
    required: [],
    fields: {
      gmsaCredentialSpec: 'string',
      gmsaCredentialSpecName: 'string',
      hostProcess: 'boolean',
      runAsUserName: 'string',
    },
  },
};
