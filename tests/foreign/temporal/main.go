// Makes a file of Temporal's development server: it runs a server on it, some workflows, and stops.
//
//	make_temporal_file FOLDER
//
// Into the folder go temporal.db, temporal.binpb with the descriptors that were linked in, and
// truth.json: each blob by table, column and row number as the server's own type reads it, and each
// history as the server told it to a client.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	nexuspb "go.temporal.io/api/nexus/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	persistencepb "go.temporal.io/server/api/persistence/v1"
	replicationpb "go.temporal.io/server/api/replication/v1"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/schema/sqlite"
	server "go.temporal.io/server/temporal"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

const queue = "orders"

// What the server's persistence writes into which column, by its types in Go.
var blobs = []struct {
	table, column, encoding, where string
	message                        proto.Message
}{
	{"namespaces", "data", "data_encoding", "", &persistencepb.NamespaceDetail{}},
	{"shards", "data", "data_encoding", "", &persistencepb.ShardInfo{}},
	{"executions", "data", "data_encoding", "", &persistencepb.WorkflowExecutionInfo{}},
	{"executions", "state", "state_encoding", "", &persistencepb.WorkflowExecutionState{}},
	{"current_executions", "data", "data_encoding", "", &persistencepb.WorkflowExecutionState{}},
	{"current_chasm_executions", "data", "data_encoding", "", &persistencepb.WorkflowExecutionState{}},
	{"buffered_events", "data", "data_encoding", "", &historypb.History{}},
	{"tasks", "data", "data_encoding", "", &persistencepb.AllocatedTaskInfo{}},
	{"tasks_v2", "data", "data_encoding", "", &persistencepb.AllocatedTaskInfo{}},
	{"task_queues", "data", "data_encoding", "", &persistencepb.TaskQueueInfo{}},
	{"task_queues_v2", "data", "data_encoding", "", &persistencepb.TaskQueueInfo{}},
	{"task_queue_user_data", "data", "data_encoding", "", &persistencepb.TaskQueueUserData{}},
	{"history_immediate_tasks", "data", "data_encoding", "category_id = 7", &persistencepb.OutboundTaskInfo{}},
	{"history_scheduled_tasks", "data", "data_encoding", "category_id = 5", &persistencepb.ArchivalTaskInfo{}},
	{"transfer_tasks", "data", "data_encoding", "", &persistencepb.TransferTaskInfo{}},
	{"timer_tasks", "data", "data_encoding", "", &persistencepb.TimerTaskInfo{}},
	{"replication_tasks", "data", "data_encoding", "", &persistencepb.ReplicationTaskInfo{}},
	{"replication_tasks_dlq", "data", "data_encoding", "", &persistencepb.ReplicationTaskInfo{}},
	{"visibility_tasks", "data", "data_encoding", "", &persistencepb.VisibilityTaskInfo{}},
	{"activity_info_maps", "data", "data_encoding", "", &persistencepb.ActivityInfo{}},
	{"timer_info_maps", "data", "data_encoding", "", &persistencepb.TimerInfo{}},
	{"child_execution_info_maps", "data", "data_encoding", "", &persistencepb.ChildExecutionInfo{}},
	{"request_cancel_info_maps", "data", "data_encoding", "", &persistencepb.RequestCancelInfo{}},
	{"signal_info_maps", "data", "data_encoding", "", &persistencepb.SignalInfo{}},
	{"chasm_node_maps", "metadata", "metadata_encoding", "", &persistencepb.ChasmNodeMetadata{}},
	{"history_node", "data", "data_encoding", "", &historypb.History{}},
	{"history_tree", "data", "data_encoding", "", &persistencepb.HistoryTreeInfo{}},
	{"queue", "message_payload", "message_encoding", "", &replicationpb.ReplicationTask{}},
	{"queue_metadata", "data", "data_encoding", "", &persistencepb.QueueMetadata{}},
	{"queues", "metadata_payload", "metadata_encoding", "", &persistencepb.Queue{}},
	{"queue_messages", "message_payload", "message_encoding", "", &persistencepb.HistoryTask{}},
	{"cluster_metadata_info", "data", "data_encoding", "", &persistencepb.ClusterMetadata{}},
	{"nexus_endpoints", "data", "data_encoding", "", &persistencepb.NexusEndpoint{}},
	{"executions_visibility", "memo", "encoding", "", &commonpb.Memo{}},
}

func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func service(port int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: port, MembershipPort: freePort(), BindOnLocalHost: true}}
}

// As the server's own temporaltest has it, on a file.
func start(path string) (server.Server, string) {
	own := config.SQL{
		PluginName:        sqliteplugin.PluginName,
		ConnectAttributes: map[string]string{"mode": "rwc"},
		DatabaseName:      path,
	}
	port := freePort()
	host := fmt.Sprintf("127.0.0.1:%d", port)
	cfg := &config.Config{}
	cfg.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: "127.0.0.1"}
	cfg.Persistence = config.Persistence{
		DefaultStore:     sqliteplugin.PluginName,
		VisibilityStore:  sqliteplugin.PluginName,
		NumHistoryShards: 1,
		DataStores:       map[string]config.DataStore{sqliteplugin.PluginName: {SQL: &own}},
	}
	cfg.ClusterMetadata = &cluster.Config{
		FailoverVersionIncrement: 10,
		MasterClusterName:        "active",
		CurrentClusterName:       "active",
		ClusterInformation: map[string]cluster.ClusterInformation{
			"active": {Enabled: true, InitialFailoverVersion: 1, RPCAddress: host},
		},
	}
	cfg.DCRedirectionPolicy = config.DCRedirectionPolicy{Policy: "noop"}
	cfg.Services = map[string]config.Service{
		"frontend": service(port), "history": service(freePort()),
		"matching": service(freePort()), "worker": service(freePort()),
	}
	cfg.Archival = config.Archival{
		History:    config.HistoryArchival{State: "disabled"},
		Visibility: config.VisibilityArchival{State: "disabled"},
	}
	cfg.PublicClient = config.PublicClient{HostPort: host}
	cfg.NamespaceDefaults.Archival.History.State = "disabled"
	cfg.NamespaceDefaults.Archival.Visibility.State = "disabled"

	must(sqlite.SetupSchema(&own))
	namespace, err := sqlite.NewNamespaceConfig("active", "default", false, map[string]enumspb.IndexedValueType{
		"Customer": enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	})
	must(err)
	must(sqlite.CreateNamespaces(&own, namespace))
	made, err := server.NewServer(
		server.WithConfig(cfg),
		server.ForServices(server.DefaultServices),
		server.WithLogger(log.NewNoopLogger()),
		server.WithDynamicConfigClient(dynamicconfig.StaticClient{
			dynamicconfig.FrontendEnableWorkerVersioningDataAPIs.Key(): true,
		}),
		server.WithAuthorizer(authorization.NewNoopAuthorizer()),
		server.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
	)
	must(err)
	return made, host
}

type order struct {
	ID    string   `json:"id"`
	Items []string `json:"items"`
	Total float64  `json:"total"`
}

var tries = map[string]int{}

func charge(_ context.Context, one order) (string, error) {
	if tries[one.ID]++; tries[one.ID] < 2 {
		return "", temporal.NewApplicationError("card declined — réessayer", "Declined", one)
	}
	return "receipt-" + one.ID, nil
}

func refuse(context.Context) error {
	return temporal.NewNonRetryableApplicationError("no such warehouse", "NoWarehouse", errors.New("cause"))
}

func linger(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// Ends: two tries of an activity, a signal, a child, a timer and a marker.
func Buy(ctx workflow.Context, one order) (string, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 10 * time.Millisecond, MaximumAttempts: 3},
	})
	var paid, receipt string
	workflow.GetSignalChannel(ctx, "paid").Receive(ctx, &paid)
	if err := workflow.ExecuteActivity(ctx, charge, one).Get(ctx, &receipt); err != nil {
		return "", err
	}
	_ = workflow.SideEffect(ctx, func(workflow.Context) interface{} { return 42 }).Get(new(int))
	_ = workflow.GetVersion(ctx, "parcel", workflow.DefaultVersion, 1)
	_ = workflow.Sleep(ctx, time.Millisecond)
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: "pack-" + one.ID})
	_ = workflow.ExecuteChildWorkflow(child, Fail).Get(ctx, nil)
	return receipt + " " + paid, nil
}

func Fail(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	return workflow.ExecuteActivity(ctx, refuse).Get(ctx, nil)
}

// Runs on: a timer, an activity, a child, all of which wait.
func Wait(ctx workflow.Context) error {
	_ = workflow.SetUpdateHandler(ctx, "rename", func(_ workflow.Context, name string) (string, error) {
		return "was " + name, nil
	})
	_ = workflow.NewTimer(ctx, time.Hour)
	activity := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		ScheduleToCloseTimeout: time.Hour, HeartbeatTimeout: time.Hour, TaskQueue: "nobody",
	})
	_ = workflow.ExecuteActivity(activity, linger)
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: "wait-child", TaskQueue: "nobody"})
	_ = workflow.ExecuteChildWorkflow(child, Fail)
	return workflow.Await(ctx, func() bool { return false })
}

func Again(ctx workflow.Context, left int) error {
	if left > 0 {
		return workflow.NewContinueAsNewError(ctx, Again, left-1)
	}
	return nil
}

func run(ctx context.Context, one client.Client) {
	own := worker.New(one, queue, worker.Options{})
	own.RegisterWorkflow(Buy)
	own.RegisterWorkflow(Fail)
	own.RegisterWorkflow(Wait)
	own.RegisterWorkflow(Again)
	own.RegisterActivity(charge)
	own.RegisterActivity(refuse)
	own.RegisterActivity(linger)
	must(own.Start())
	defer own.Stop()

	options := func(id string) client.StartWorkflowOptions {
		return client.StartWorkflowOptions{
			ID: id, TaskQueue: queue,
			Memo:                  map[string]interface{}{"note": "ordered by phone", "n": 3},
			TypedSearchAttributes: temporal.NewSearchAttributes(temporal.NewSearchAttributeKeyKeyword("Customer").ValueSet("c-17")),
		}
	}
	for _, id := range []string{"order-1", "order-2"} {
		begun, err := one.ExecuteWorkflow(ctx, options(id), Buy, order{id, []string{"tea", "naïve \U0001F375"}, 12.5})
		must(err)
		must(one.SignalWorkflow(ctx, id, "", "paid", "by card"))
		must(begun.Get(ctx, nil))
	}
	again, err := one.ExecuteWorkflow(ctx, options("again"), Again, 2)
	must(err)
	must(again.Get(ctx, nil))
	_, err = one.ExecuteWorkflow(ctx, options("waits"), Wait)
	must(err)
	renamed, err := one.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: "waits", UpdateName: "rename", Args: []interface{}{"x"}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	must(err)
	must(renamed.Get(ctx, new(string)))
	_, err = one.ExecuteWorkflow(ctx, options("ended"), Wait)
	must(err)
	must(one.TerminateWorkflow(ctx, "ended", "", "not wanted"))
	elsewhere := options("no-worker")
	elsewhere.TaskQueue = "nobody"
	_, err = one.ExecuteWorkflow(ctx, elsewhere, Again, 1)
	must(err)
	_, err = one.OperatorService().CreateNexusEndpoint(ctx, &operatorservice.CreateNexusEndpointRequest{
		Spec: &nexuspb.EndpointSpec{Name: "shop", Target: &nexuspb.EndpointTarget{
			Variant: &nexuspb.EndpointTarget_Worker_{Worker: &nexuspb.EndpointTarget_Worker{Namespace: "default", TaskQueue: queue}},
		}},
	})
	must(err)
	_, err = one.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:     "nightly",
		Spec:   client.ScheduleSpec{CronExpressions: []string{"0 3 * * *"}},
		Action: &client.ScheduleWorkflowAction{ID: "night", Workflow: Again, Args: []interface{}{0}, TaskQueue: queue},
	})
	must(err)
	must(one.UpdateWorkerBuildIdCompatibility(ctx, &client.UpdateWorkerBuildIdCompatibilityOptions{
		TaskQueue: "versioned", Operation: &client.BuildIDOpAddNewIDInNewDefaultSet{BuildID: "b1"},
	}))
}

// A message as protojson writes it.
func written(one proto.Message) json.RawMessage {
	text, err := protojson.Marshal(one)
	must(err)
	return text
}

type blob struct {
	Table   string          `json:"table"`
	Column  string          `json:"column"`
	Row     int64           `json:"row"`
	Message string          `json:"message"`
	Value   json.RawMessage `json:"value"`
}

func readBlobs(path string) (found []blob) {
	db, err := sql.Open("sqlite", path)
	must(err)
	defer db.Close()
	for _, one := range blobs {
		where := fmt.Sprintf("%s IS NOT NULL AND %s = 'Proto3'", one.column, one.encoding)
		if one.where != "" {
			where += " AND " + one.where
		}
		rows, err := db.Query(fmt.Sprintf("SELECT rowid, %s FROM %s WHERE %s ORDER BY rowid", one.column, one.table, where))
		must(err)
		for rows.Next() {
			var row int64
			var data []byte
			must(rows.Scan(&row, &data))
			message := proto.Clone(one.message)
			must(proto.Unmarshal(data, message))
			name := string(message.ProtoReflect().Descriptor().FullName())
			found = append(found, blob{one.table, one.column, row, name, written(message)})
		}
		must(rows.Err())
		must(rows.Close())
	}
	return found
}

// The files of the messages of the columns, and all that these import.
func descriptors() []byte {
	set, seen := &descriptorpb.FileDescriptorSet{}, map[string]bool{}
	var add func(protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) {
		if seen[file.Path()] {
			return
		}
		seen[file.Path()] = true
		imports := file.Imports()
		for i := 0; i < imports.Len(); i++ {
			add(imports.Get(i).FileDescriptor)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
	}
	var files []protoreflect.FileDescriptor
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for _, one := range blobs {
			if one.message.ProtoReflect().Descriptor().ParentFile().Path() == file.Path() {
				files = append(files, file)
				break
			}
		}
		return true
	})
	sort.Slice(files, func(i, j int) bool { return files[i].Path() < files[j].Path() })
	for _, file := range files {
		add(file)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(set)
	must(err)
	return data
}

func histories(ctx context.Context, one client.Client) map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	for _, id := range []string{"order-1", "order-2", "pack-order-1", "again", "waits", "ended", "no-worker"} {
		all := &historypb.History{}
		events := one.GetWorkflowHistory(ctx, id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			must(err)
			all.Events = append(all.Events, event)
		}
		found[id] = written(all)
	}
	return found
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	folder := os.Args[1]
	path := filepath.Join(folder, "temporal.db")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	made, host := start(path)
	must(made.Start())
	var one client.Client
	for {
		var err error
		one, err = client.DialContext(ctx, client.Options{HostPort: host, Logger: quiet{}})
		if err == nil {
			break
		}
		must(ctx.Err())
	}
	run(ctx, one)
	told := histories(ctx, one)
	one.Close()
	must(made.Stop())
	truth, err := json.Marshal(map[string]interface{}{"blobs": readBlobs(path), "histories": told})
	must(err)
	must(os.WriteFile(filepath.Join(folder, "truth.json"), truth, 0o600))
	must(os.WriteFile(filepath.Join(folder, "temporal.binpb"), descriptors(), 0o600))
	fmt.Println("made", strings.TrimSuffix(path, ".db"))
}

// A logger that says nothing.
type quiet struct{}

func (quiet) Debug(string, ...interface{}) {}
func (quiet) Info(string, ...interface{})  {}
func (quiet) Warn(string, ...interface{})  {}
func (quiet) Error(string, ...interface{}) {}
