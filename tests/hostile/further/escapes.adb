--  What a program in Ada can try, as escapes.c does for C: an exception, or what is not true, is `contained`.
with Ada.Directories;
with Ada.Streams.Stream_IO;
with Ada.Text_IO;
with GNAT.OS_Lib;
with GNAT.Sockets;
with Interfaces.C;

procedure Escapes is
   use type Interfaces.C.int;
   package Bytes renames Ada.Streams.Stream_IO;
   package Sockets renames GNAT.Sockets;

   function Set_User (User : Interfaces.C.int) return Interfaces.C.int with Import, Convention => C, External_Name => "setuid";
   function Unshare (What : Interfaces.C.int) return Interfaces.C.int with Import, Convention => C, External_Name => "unshare";
   function System (Command : Interfaces.C.char_array) return Interfaces.C.int with Import, Convention => C, External_Name => "system";

   Wanted  : constant String := Ada.Text_IO.Get_Line;
   Found   : Boolean := False;
   Through : Boolean := False;

   function ATTACK (Class, Name : String) return Boolean is
   begin
      Found := Found or else (Class'Length > 0 and then Name = Wanted);
      return Name = Wanted;
   end ATTACK;

   function Runs (Command : String) return Boolean is
     (System (Interfaces.C.To_C ("(" & Command & ") </dev/null >/dev/null 2>&1")) = 0);

   function Connects return Boolean is
      Plug : Sockets.Socket_Type;
   begin
      Sockets.Create_Socket (Plug);
      Sockets.Connect_Socket (Plug, (Sockets.Family_Inet, Sockets.Inet_Addr ("93.184.215.14"), 80));
      return True;
   end Connects;

   function Listens return Boolean is
      Ear : Sockets.Socket_Type;
   begin
      Sockets.Create_Socket (Ear);
      Sockets.Bind_Socket (Ear, (Sockets.Family_Inet, Sockets.Loopback_Inet_Addr, Sockets.Any_Port));
      Sockets.Listen_Socket (Ear);
      return True;
   end Listens;

   function Makes (Path : String) return Boolean is
      File : Bytes.File_Type;
   begin
      Bytes.Create (File, Bytes.Append_File, Path);
      return True;
   end Makes;

   function Tells (Path : String) return Boolean is
      File : Bytes.File_Type;
   begin
      Bytes.Open (File, Bytes.In_File, Path);
      return Character'Input (Bytes.Stream (File)) in Character;
   end Tells;

   function Renames_Users return Boolean is
   begin
      Ada.Directories.Rename ("/etc/passwd", "/etc/users");
      return True;
   end Renames_Users;

begin
   begin
      if ATTACK ("network", "tcp") then Through := Connects; end if;
      if ATTACK ("network", "names") then Through := Sockets.Addresses_Length (Sockets.Get_Host_By_Name ("example.com")) > 0; end if;
      if ATTACK ("network", "listen") then Through := Listens; end if;
      if ATTACK ("other processes", "environment of the runner") then Through := Tells ("/proc/1/environ"); end if;
      if ATTACK ("privileges", "root by call") then Through := Set_User (0) = 0; end if;
      if ATTACK ("privileges", "a setuid program") then Through := Runs ("su -c true"); end if;
      if ATTACK ("namespaces", "mounts") then Through := Unshare (16#20000#) = 0; end if;
      if ATTACK ("files", "the root") then Through := Makes ("/x"); end if;
      if ATTACK ("files", "the root by another program") then Through := Runs ("touch /x"); end if;
      if ATTACK ("files", "names of the root") then Through := Renames_Users; end if;
      if ATTACK ("code", "run in the working directory") then Through := Runs ("cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy"); end if;
      if ATTACK ("what is kept secret", "in the environment") then Through := Runs ("env | grep -iE '^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)'"); end if;
   exception
      when others => null;
   end;
   if not Found then
      GNAT.OS_Lib.OS_Exit (3);
   end if;
   Ada.Text_IO.Put_Line (if Through then "through: " & Wanted else "contained");
end Escapes;
